using System.Globalization;
using WaterMeters.Tests.Cloud;

// Prints its address, and runs until its input ends: when the test that started it does.
double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
using var cloud = new FakeCloud(new CloudClock(DateTimeOffset.UtcNow), seconds);
Console.WriteLine(cloud.Endpoint);
while (Console.ReadLine() is not null)
{
}
