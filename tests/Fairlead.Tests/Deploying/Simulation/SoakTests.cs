using System.Globalization;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>The same simulation for as long as one likes, with seeds never seen before: <c>build.cs soak --minutes 60</c>.</summary>
public sealed class SoakTests
{
    [Fact]
    public void Hours_of_random_lives_break_no_promise()
    {
        var asked = Environment.GetEnvironmentVariable("FAIRLEAD_SOAK_MINUTES");
        Assert.SkipWhen(asked is null, "FAIRLEAD_SOAK_MINUTES is not set; build.cs soak sets it");
        var end = DateTimeOffset.UtcNow.AddMinutes(double.Parse(asked!, CultureInfo.InvariantCulture));
        var first = Random.Shared.Next(1_000_000, int.MaxValue / 2);
        var runs = 0;
        while (DateTimeOffset.UtcNow < end)
        {
            var batch = first + runs;
            SimulationTests.Check(Enumerable.Range(batch, 500).Select(Plan));
            runs += 500;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs from seed {first}, no promise broken");
    }

    private static RunPlan Plan(int seed)
    {
        var random = new Random(seed);
        var crashes = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(1500));
        return new RunPlan(
            seed,
            [.. crashes],
            FreezesAt: random.Next(3) == 0 ? random.Next(1200) : -1,
            FailuresPerThousand: random.Next(4) * 15
        );
    }
}
