namespace Fairlead.Tests.Manifests.ComposeFiles;

/// <summary>
/// Compose files in the manner of well-known projects, with the manifest that each becomes and all that is said of it. To take new
/// answers, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class ComposeImportTests
{
    private static readonly string[] Secrets =
    [
        "hunter2",
        "somewordpress",
        "abc-not-for-you",
        "tiger",
        "sk_live_abc",
        "not a real one",
        "k-123",
        "0123456789abcdef",
    ];

    public static TheoryData<string> Names => [.. ComposeSample.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_compose_file_becomes_a_manifest_and_nothing_is_lost_in_silence(string name)
    {
        var path = Path.Combine(ComposeSample.Folder, $"{name}.txt");
        var input = ComposeSample.Input(name);
        var answer = ComposeSample.Answer(input);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, input + ComposeSample.Line + answer);
            return;
        }
        Assert.Equal(File.ReadAllText(path).Split(ComposeSample.Line).ElementAtOrDefault(1), answer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_value_of_a_secret_is_ever_written(string name)
    {
        var answer = ComposeSample.Answer(ComposeSample.Input(name));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_finding_has_its_place() =>
        Assert.All(
            ComposeSample.Names,
            name =>
            {
                var (question, files) = ComposeSample.Read(ComposeSample.Input(name));
                var answer = Engine.Manifests.ComposeFiles.Importing.ComposeImport.Run(
                    new Fakes.MemoryTree(files, "/srv/shop"),
                    question
                );
                Assert.All(answer.Findings, one => Assert.Matches(@"^[\w./-]+:\d+:\d+$", one.Where));
                Assert.All(answer.Findings, one => Assert.NotEmpty(one.Fix));
            }
        );
}
