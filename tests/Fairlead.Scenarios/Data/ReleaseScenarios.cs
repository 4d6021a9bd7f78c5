using System.Runtime.CompilerServices;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;

namespace Fairlead.Scenarios.Data;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Schema and code that change together, under load: whoever asks is always answered, forwards and backwards.</summary>
public sealed class ReleaseScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_goes_forth_and_back_over_an_expanded_schema_with_no_failed_request_and_a_contract_waits()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.MakeAsync("shop");
        await using var platform = await Platform.StartAsync();
        var folder = App(platform, "name");
        Write(
            folder,
            "0001_orders.sql",
            "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);"
        );
        await SetAsync(platform, peer.Url("shop"));
        await SucceedsAsync(platform.DeployAsync(folder));

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = platform.LoadAsync("shop", perSecond: 40, ending.Token, slow: 0);

        // Expand: the new column comes before the code that needs it; what it makes needless goes with the release after.
        Write(folder, "0002_title.sql", "ALTER TABLE orders ADD COLUMN title text;");
        Write(folder, "0003_name.contract.sql", "ALTER TABLE orders DROP COLUMN name;");
        Manifest(folder, "title");
        var plan = await platform.RunAsync("plan", folder);
        Assert.Contains("migrate db: 0002_title.sql", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0003_name", plan.Output, StringComparison.Ordinal);
        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal(2, await ColumnsAsync(peer));

        // Back over it: the old code finds all that it reads. And forth again.
        await SucceedsAsync(platform.RunAsync("rollback", "shop"));
        await SucceedsAsync(platform.RunAsync("rollback", "shop", "--to", "2"));

        await IsStoppedAsync(platform, folder);
        await ContractAsync(platform, folder, peer);
        await IsTriedAsync(platform, folder);
        await ending.CancelAsync();
        var report = await load;
        Assert.True(report is { Lost: 0, Served: > 100 }, report.ToString());

        var past = await platform.RunAsync("rollback", "shop", "--to", "1");
        Assert.Equal(5, past.Code);
        Assert.Contains("db/0003_name.contract.sql", past.Messages, StringComparison.Ordinal);
    }

    private static async Task IsStoppedAsync(Platform platform, string folder)
    {
        // A migration that fails, or would hurt, stops the deployment before anybody sees it.
        Write(folder, "0004_broken.sql", "ALTER TABLE nowhere ADD COLUMN a int;");
        Manifest(folder, "title", "more: v3");
        var broken = await platform.DeployAsync(folder);
        Assert.Contains("0004_broken.sql", broken.ToString(), StringComparison.Ordinal);
        Assert.Contains("It ran on a copy, and nothing was changed", broken.ToString(), StringComparison.Ordinal);
        Assert.Equal(6, broken.Code);
        Write(folder, "0004_broken.sql", "CREATE INDEX by_title ON orders (title);");
        var planned = await platform.RunAsync("plan", folder);
        Assert.Contains("index-not-concurrent", planned.ToString(), StringComparison.Ordinal);
        var dangerous = await platform.DeployAsync(folder);
        Assert.Equal(6, dangerous.Code);
        Assert.Contains("CONCURRENTLY", dangerous.ToString(), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "db", "migrations", "0004_broken.sql"));
    }

    private static async Task ContractAsync(Platform platform, string folder, PostgresPeer peer)
    {
        // On a copy of the newest backup it is seen what it will lock.
        var rehearsed = await platform.RunAsync("migration", "rehearse", folder, "--app", "shop", "--contract", "all");
        Assert.Contains("AccessExclusiveLock on orders", rehearsed.Output, StringComparison.Ordinal);
        Assert.Equal(2, await ColumnsAsync(peer));

        // Contract: the release that is live knows it by now. It is saved just before.
        var saved = (await platform.AskAsync("backup", "list", "shop"))["backups"]!.AsArray().Count;
        await SucceedsAsync(platform.DeployAsync(folder));
        var backups = (await platform.AskAsync("backup", "list", "shop"))["backups"]!.AsArray();
        Assert.Equal(saved + 1, backups.Count);
        var removing = await platform.RunAsync(
            "backup",
            "remove",
            backups[^1]!["backup"]!.GetValue<string>(),
            "--app",
            "shop",
            "--yes"
        );
        Assert.True(removing.Code is 0 or 5, removing.ToString());
        Assert.Equal(1, await ColumnsAsync(peer));
    }

    private static async Task IsTriedAsync(Platform platform, string folder)
    {
        // The live release comes up on what was restored; one that says no to it makes the drill say no.
        var drilled = await platform.RunAsync("backup", "drill", "shop");
        Assert.Contains("came up on it and is well", drilled.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, drilled.Code);

        Manifest(
            folder,
            "title",
            "more: v3",
            "{ service: web, command: python3 -c 'import sys; sys.exit(\"no orders\")' }"
        );
        await SucceedsAsync(platform.DeployAsync(folder));
        var refused = await platform.RunAsync("backup", "drill", "shop");
        Assert.Contains("does not come up on what was restored", refused.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(0, refused.Code);
    }

    private static Task<long> ColumnsAsync(PostgresPeer peer) =>
        peer.AskAsync<long>(
            "shop",
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'orders' AND column_name IN ('name', 'title')"
        );

    private static string App(Platform platform, string columns)
    {
        var folder = platform.App("shop", "app: shop\n");
        Directory.CreateDirectory(Path.Combine(folder, "db", "migrations"));
        Manifest(folder, columns);
        File.Copy(Path.Combine(Path.GetDirectoryName(Here())!, "shop.py"), Path.Combine(folder, "shop.py"));
        return folder;
    }

    private static void Manifest(string folder, string columns, string more = "more: none", string smoke = "web") =>
        File.WriteAllText(
            Path.Combine(folder, "fairlead.yaml"),
            $$"""
            app: shop
            databases:
              db:
                kind: postgres
                url: DATABASE_URL
                migrations: { folder: db/migrations, rehearse: true }
                backup: { every: 1h, smoke: {{smoke}} }
            services:
              web:
                kind: web
                run: python3 shop.py
                health: /healthz
                secrets: [DATABASE_URL]
                env: { COLUMNS_KNOWN: {{columns}}, {{more.Replace("more", "MORE", StringComparison.Ordinal)}} }
                deploy: { strategy: blue-green }
            """
        );

    private static void Write(string folder, string name, string sql) =>
        File.WriteAllText(Path.Combine(folder, "db", "migrations", name), sql);

    private static async Task SetAsync(Platform platform, string url)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, url, Stop);
        await SucceedsAsync(
            platform.RunAsync(
                "secret",
                "set",
                "DATABASE_URL",
                "--app",
                "shop",
                "--environment",
                "production",
                "--file",
                file
            )
        );
        File.Delete(file);
    }

    private static async Task SucceedsAsync(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
