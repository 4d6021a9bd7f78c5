using System.Text;
using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Drivers.Pipelines.Shared;

/// <summary>What is known of tests at a team's cache: who is believed, and how much.</summary>
public sealed class SharedTestsTests : IDisposable
{
    private static readonly (string Private, string Public) Team = Machine.NewKey();
    private static readonly (string Private, string Public) Fork = Machine.NewKey();

    private static readonly PastTests Known = new(
        new Dictionary<string, TimeSpan>
        {
            ["file test/a b.js"] = TimeSpan.FromMilliseconds(1204),
            ["class shop\\Cart"] = TimeSpan.FromMicroseconds(3),
        },
        [
            new(
                "9f86",
                [
                    ["test/a b.js"],
                    [],
                ]
            ),
        ]
    );

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-shared-tests-");
    private readonly MemoryServer server = new();
    private readonly List<Machine> machines = [];

    public void Dispose()
    {
        machines.ForEach(static one => one.Dispose());
        root.Delete(recursive: true);
        server.Dispose();
    }

    [Fact]
    public async Task What_one_machine_knows_of_tests_another_finds_and_changes_find_what_the_main_branch_knows()
    {
        await SendAsync(MachineOf("one", Team.Private, null), "times ci/test", "main");

        var two = MachineOf("two", null, Team.Public);
        Assert.Equal(Text(Known), Text(await FindAsync(two, "times ci/test", "main")));
        Assert.Equal(Text(Known), Text(await FindAsync(two, "times ci/test", "change/x")));
        Assert.Null(await FindAsync(two, "times ci/other", "main"));
        Assert.Equal(["ac"], server.Kept.Keys.Select(static path => path.Split('/')[1]));
    }

    [Fact]
    public async Task A_change_is_never_believed_by_the_main_branch()
    {
        await SendAsync(MachineOf("fork", Fork.Private, null), "times ci/test", "main");
        await SendAsync(MachineOf("change", Fork.Private, null), "times ci/test", "change/x");

        var main = MachineOf("main", null, $"main:{Team.Public},change/x:{Fork.Public}");
        Assert.Null(await FindAsync(main, "times ci/test", "main"));
        Assert.NotNull(await FindAsync(main, "times ci/test", "change/x"));
        Assert.Contains(
            await main.Shared.SettleAsync(TestContext.Current.CancellationToken),
            static one => one.Contains("1 entries were not used", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task It_stands_for_nothing_under_another_name_and_not_when_a_letter_of_it_changed()
    {
        await SendAsync(MachineOf("one", Team.Private, null), "times ci/test", "main");
        var (path, bytes) = (server.Kept.Keys.Single(), server.Kept.Values.Single());
        var two = MachineOf("two", null, Team.Public);

        server.Kept[$"/ac/{SharedTestText.NameOf("times ci/other", "main")}"] = bytes;
        Assert.Null(await FindAsync(two, "times ci/other", "main"));

        server.Kept[path] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(bytes).Replace("1204000", "9204000", StringComparison.Ordinal)
        );
        Assert.Null(await FindAsync(two, "times ci/test", "main"));
    }

    [Fact]
    public void What_is_too_much_or_no_test_is_refused_though_it_is_signed()
    {
        using var trust = CacheTrust.Of(Team.Private, null);
        PastTests? Again(PastTests tests) =>
            SharedTestText
                .Read(SharedTestText.Write(tests, ("n", "main"), DateTimeOffset.UnixEpoch, trust), ("n", "main"), trust)
                ?.Tests;
        PastTests Split(params string[] tests) => new(PastTests.Nothing.Times, [new("x", [tests])]);

        Assert.Equal(Text(Known), Text(Again(Known)));
        Assert.NotNull(Again(Split([.. Enumerable.Range(0, 20_000).Select(static at => $"t{at}")])));
        Assert.Null(Again(Split([.. Enumerable.Range(0, 20_001).Select(static at => $"t{at}")])));
        Assert.Null(Again(Split(new string('a', 1_001))));
        Assert.Null(Again(Split("a\tb")));
        Assert.Null(Again(Split("a\nb")));
        Assert.Null(Again(new(PastTests.Nothing.Times, [new("x", [.. Enumerable.Repeat<string[]>([], 65)])])));
        Assert.Null(Again(new(new Dictionary<string, TimeSpan> { ["a"] = TimeSpan.FromDays(2) }, [])));
        // What a program calls a class is left out where it is no name.
        Assert.Empty(Again(new(new Dictionary<string, TimeSpan> { ["a\tb"] = TimeSpan.Zero }, []))!.Times);
    }

    [Fact]
    public async Task What_is_older_than_three_months_and_a_server_that_fails_are_as_if_there_were_nothing()
    {
        using var trust = CacheTrust.Of(Team.Private, null);
        var old = TimeProvider.System.GetUtcNow() - SharedTestText.AgeMax - TimeSpan.FromDays(1);
        var path = $"/ac/{SharedTestText.NameOf("times", "main")}";
        server.Kept[path] = Encoding.UTF8.GetBytes(SharedTestText.Write(Known, ("times", "main"), old, trust));
        var machine = MachineOf("one", null, Team.Public);
        Assert.Null(await FindAsync(machine, "times", "main"));

        server.Kept[path] = new byte[SharedTestText.BytesMax + 1];
        Assert.Null(await FindAsync(machine, "times", "main"));
    }

    private static async Task SendAsync(Machine machine, string name, string scope)
    {
        machine.Shared.Offer(name, scope, Known);
        await machine.Shared.SettleAsync(TestContext.Current.CancellationToken);
    }

    private static Task<PastTests?> FindAsync(Machine machine, string name, string scope) =>
        machine.Shared.TestsAsync(name, scope, TestContext.Current.CancellationToken);

    private Machine MachineOf(string name, string? key, string? trust)
    {
        var machine = new Machine(Path.Combine(root.FullName, name), server, CacheTrust.Of(key, trust));
        machines.Add(machine);
        return machine;
    }

    private static string Text(PastTests? tests) =>
        tests is null
            ? "nothing"
            : string.Join(
                '|',
                [
                    .. tests.Times.Select(static one => $"{one.Key}={one.Value}"),
                    .. tests.Splits.Select(static one =>
                        $"{one.Of}:{string.Join('/', one.Shards.Select(static shard => string.Join(',', shard)))}"
                    ),
                ]
            );
}
