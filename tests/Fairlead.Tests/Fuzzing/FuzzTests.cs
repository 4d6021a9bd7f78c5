using System.Diagnostics;
using System.Globalization;

namespace Fairlead.Tests.Fuzzing;

/// <summary>
/// Every reader of what comes from outside, given damaged inputs: each is read or refused in the way that the reader promises. A part of
/// a second each; FAIRLEAD_FUZZ_SECONDS says how long (<c>build.cs fuzz</c>), FAIRLEAD_FUZZ_SEED with which chance.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(150);

    /// <summary>So long one input of 64 KiB may take at most on a machine that is busy with others; a hang takes for ever.</summary>
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Names => [.. OutsideReaders.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_comes_is_read_or_refused(string name)
    {
        var reader = OutsideReaders.All.Single(one => one.Name == name);
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("FAIRLEAD_FUZZ_SEED"),
            CultureInfo.InvariantCulture,
            out var said
        )
            ? said
            : 1;
        var lasts = double.TryParse(
            Environment.GetEnvironmentVariable("FAIRLEAD_FUZZ_SECONDS"),
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? TimeSpan.FromSeconds(seconds)
            : Usual;
        var run = new Run(reader, new Mutator(reader.Seeds, new Random(seed)), lasts);
        var fuzzing = Task.Factory.StartNew(
            run.Go,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        while (
            await Task.WhenAny(
                fuzzing,
                Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken)
            ) != fuzzing
        )
        {
            Assert.True(run.Since < HangsAfter, $"{name} hangs on {Convert.ToBase64String(run.Input)}");
        }
        await fuzzing;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name}: {run.Inputs} inputs, {run.Refused} refused, the longest took {run.Longest.TotalMilliseconds:0} ms"
        );
        // One that refuses all it gets, or takes anything, reads nothing.
        Assert.True(run.Inputs > run.Refused, $"{name} refused all {run.Inputs} inputs.");
    }

    [Fact]
    public void Every_seed_is_an_input_that_its_reader_takes() =>
        Assert.All(OutsideReaders.All, reader => Assert.All(reader.Seeds, seed => reader.Read([.. seed])));

    private sealed class Run(OutsideReader reader, Mutator mutator, TimeSpan lasts)
    {
        private long began = Stopwatch.GetTimestamp();

        public byte[] Input { get; private set; } = [];

        public long Inputs { get; private set; }

        public long Refused { get; private set; }

        public TimeSpan Longest { get; private set; }

        /// <summary>How long the input of now takes already.</summary>
        public TimeSpan Since => Stopwatch.GetElapsedTime(Volatile.Read(ref began));

        public void Go()
        {
            var start = Stopwatch.GetTimestamp();
            do
            {
                // Sound ones first: what is sealed takes no other.
                Input = Inputs < reader.Seeds.Count ? [.. reader.Seeds[(int)Inputs]] : mutator.Next();
                Volatile.Write(ref began, Stopwatch.GetTimestamp());
                try
                {
                    reader.Read(Input);
                }
                catch (Exception caught) when (reader.IsRefusal(caught))
                {
                    Refused++;
                }
                catch (Exception caught)
                {
                    Assert.Fail($"{reader.Name} breaks on {Convert.ToBase64String(Input)}: {caught}");
                }
                Inputs++;
                Longest = Since > Longest ? Since : Longest;
            } while (Stopwatch.GetElapsedTime(start) < lasts);
        }
    }
}
