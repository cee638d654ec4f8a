using System.Diagnostics;
using System.Globalization;
using WaterMeters.Fuzz;

// WaterMeters.Fuzz FORMAT FIRST COUNT [SECONDS]: reads COUNT damaged files, starting with the seed FIRST. It prints each seed before
// reading, so that the last one identifies the file when the process dies. A file that takes more than SECONDS is a hang. Exit code: 0
// when every file was loaded or refused, 1 when one failed, 2 after a hang.
string format = args[0];
int first = Number(1), count = Number(2), seconds = args.Length > 3 ? Number(3) : 20;
var templates = FileTemplates.ForFormat(format);
string folder = Directory.CreateTempSubdirectory("wms-fuzz-").FullName;
long started = Stopwatch.GetTimestamp();
int current = -1;
var watch = new Thread(() =>
{
    for (int seen = -1; ; Thread.Sleep(250))
    {
        int now = Volatile.Read(ref current);
        if (now != seen) seen = now;
        else if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)).TotalSeconds > seconds)
        {
            Console.WriteLine($"hang {now}");
            Environment.Exit(2);
        }
    }
})
{ IsBackground = true };
watch.Start();

int loaded = 0, failed = 0, byEngine = 0;
long allocated = 0, resident = 0, slowest = 0;
string? dataFile = null;
for (int seed = first; seed < first + count; seed++)
{
    var template = templates[seed % templates.Count];
    string path = Path.Combine(folder, $"{template.Name}-{seed.ToString(CultureInfo.InvariantCulture)}{template.Extension}");
    File.WriteAllBytes(path, Mutation.Apply(template, seed));
    if (dataFile is not null) File.Delete(dataFile);
    dataFile = null;
    if (Mutation.DataFile(template, seed) is { } data) File.WriteAllBytes(dataFile = Path.Combine(folder, template.DataFile!.Name), data);
    Volatile.Write(ref started, Stopwatch.GetTimestamp());
    Volatile.Write(ref current, seed);
    Console.WriteLine($"seed {seed}");
    try
    {
        var trial = Trial.Run(path, measureProcess: true);
        if (trial.Loaded) loaded++;
        if (trial.RefusedByEngine) byEngine++;
        (allocated, resident) = (Math.Max(allocated, trial.Allocated), Math.Max(resident, trial.Resident));
    }
    catch (Exception e)
    {
        failed++;
        Console.WriteLine($"failed {seed} {template.Name}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
    }

    slowest = Math.Max(slowest, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    File.Delete(path);
}

Directory.Delete(folder, recursive: true);
string[] native =
[
    .. AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name!)
        .Where(n => n.StartsWith("TorchSharp", StringComparison.Ordinal)),
];
if (native.Length > 0) Console.WriteLine($"failed: reading loaded {string.Join(", ", native)}");
Console.WriteLine($"done {loaded} {count - loaded - failed} {failed} {byEngine} {allocated} {resident} {slowest}");
return failed + native.Length == 0 ? 0 : 1;

int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
