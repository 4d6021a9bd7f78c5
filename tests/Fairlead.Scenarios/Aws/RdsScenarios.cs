namespace Fairlead.Scenarios.Aws;

/// <summary>Snapshots of RDS before migrations, with a tool of the app's own that migrates.</summary>
public sealed class RdsScenarios
{
    private const string Version = "2014-10-31";
    private const string Instance = "orders-production-db";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_is_complete_before_anything_is_migrated_and_old_ones_go_but_nobody_elses()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        await moto.QueryAsync(
            "rds",
            Version,
            "CreateDBInstance",
            ("DBInstanceIdentifier", Instance),
            ("DBInstanceClass", "db.t4g.micro"),
            ("Engine", "postgres"),
            ("AllocatedStorage", "20"),
            ("MasterUsername", "shop"),
            ("MasterUserPassword", "not-checked")
        );
        await TakeAsync(moto, "by-hand");
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(platform, "1");
        var file = Path.Combine(folder, "url.txt");
        await File.WriteAllTextAsync(file, "postgres://nobody@127.0.0.1:1/orders", Stop);
        await SucceedsAsync(
            platform.RunAsync(
                "secret",
                "set",
                "DATABASE_URL",
                "--app",
                "orders",
                "--environment",
                "production",
                "--file",
                file
            )
        );

        var first = await platform.DeployAsync(folder);
        Assert.True(first.Code == 0, first.ToString());
        var status = await platform.AskAsync("status", "orders");
        var snapshot = Assert.Single(await OursAsync(moto));
        Assert.Contains(snapshot, status.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("1\n", await MigratedAsync(folder));

        // Killed in the midst of it, the next server finds what was taken.
        Change(folder, "2");
        var second = platform.DeployAsync(folder);
        await MotoUnderTest.UntilAsync(async () => (await OursAsync(moto)).Count == 2, "it is being taken");
        platform.Kill("server");
        await second;
        await MotoUnderTest.UntilAsync(async () => await MigratedAsync(folder) == "1\n2\n", "it goes on");
        Assert.Equal(2, (await OursAsync(moto)).Count);

        Change(folder, "3");
        await SucceedsAsync(platform.DeployAsync(folder));
        var kept = await OursAsync(moto);
        Assert.Equal(2, kept.Count);
        Assert.DoesNotContain(snapshot, kept);
        Assert.Contains("by-hand", await AllAsync(moto));

        await StopsAsync(moto, platform, folder);
    }

    // Without its snapshot nothing is changed.
    private static async Task StopsAsync(MotoUnderTest moto, Voyages.Platform platform, string folder)
    {
        await moto.QueryAsync(
            "rds",
            Version,
            "DeleteDBInstance",
            ("DBInstanceIdentifier", Instance),
            ("SkipFinalSnapshot", "true")
        );
        Change(folder, "4");
        var stopped = await platform.DeployAsync(folder);
        Assert.Equal(6, stopped.Code);
        Assert.Contains("stopped before anything was changed", stopped.Messages, StringComparison.Ordinal);
        Assert.Contains("There is no instance orders-production-db of RDS", stopped.Messages, StringComparison.Ordinal);
        Assert.Equal("1\n2\n3\n", await MigratedAsync(folder));
    }

    private static string App(Voyages.Platform platform, string migration)
    {
        var folder = platform.App(
            "orders",
            """
            app: orders
            databases:
              db:
                kind: postgres
                url: DATABASE_URL
                migrations: { folder: db, command: sh db/migrate.sh }
                rds: { instance: "{app}-{environment}-db", keep: 2 }
            services:
              web: { kind: web }
            """
        );
        Directory.CreateDirectory(Path.Combine(folder, "db"));
        Change(folder, migration);
        return folder;
    }

    // As tools do, what is done already is not done again: a kill may come before the server has learnt of it.
    private static void Change(string folder, string migration) =>
        File.WriteAllText(
            Path.Combine(folder, "db", "migrate.sh"),
            $"grep -qx {migration} ../migrated 2>/dev/null || echo {migration} >> ../migrated\n"
        );

    private static async Task<string> MigratedAsync(string folder) =>
        Path.Combine(folder, "..", "migrated") is var path && File.Exists(path)
            ? await File.ReadAllTextAsync(path, Stop)
            : "";

    private static Task TakeAsync(MotoUnderTest moto, string name) =>
        moto.QueryAsync(
            "rds",
            Version,
            "CreateDBSnapshot",
            ("DBInstanceIdentifier", Instance),
            ("DBSnapshotIdentifier", name)
        );

    private static async Task<IReadOnlyList<string>> OursAsync(MotoUnderTest moto) =>
        [.. (await AllAsync(moto)).Where(static one => one.StartsWith("fairlead-", StringComparison.Ordinal))];

    private static async Task<IReadOnlyList<string>> AllAsync(MotoUnderTest moto) =>
        [
            .. (await moto.QueryAsync("rds", Version, "DescribeDBSnapshots"))
                .Descendants()
                .Where(static one => one.Name.LocalName == "DBSnapshotIdentifier")
                .Select(static one => one.Value),
        ];

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }
}
