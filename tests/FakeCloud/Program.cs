using System.Globalization;
using WaterMeters.Tests.Cloud;

// SECONDS [MODULE FOLDER PWSH ARGUMENT...]: by how much a request moves the clock, and what runs jobs in which folder.
// Prints its address, and runs until its input ends: when the test that started it does.
double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
using var cloud = new FakeCloud(new CloudClock(DateTimeOffset.UtcNow), seconds);
using var jobs = args.Length > 3 ? new CloudJobs(cloud, args[1], args[2], args[3..]) : null;
Console.WriteLine(cloud.Endpoint);
while (Console.ReadLine() is not null)
{
}
