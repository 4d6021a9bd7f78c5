using System.Diagnostics;
using System.Globalization;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;

namespace Fairlead.Scenarios.Data;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>The machine is gone: what was saved comes back on an empty one.</summary>
public sealed class DisasterScenarios
{
    private const int Apps = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_apps_serve_again_after_one_command_on_an_empty_state_folder()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var platform = await Platform.StartAsync();
        for (var number = 0; number < Apps; number++)
        {
            var folder = platform.App(
                Name(number),
                $"app: {Name(number)}\nservices:\n  web: {{ kind: web, path: ., health: /healthz }}\n"
            );
            await SucceedsAsync(platform.DeployAsync(folder));
        }
        var outside = Directory.CreateTempSubdirectory("fairlead-disaster-");
        var (repository, passphrase) = (
            Path.Combine(outside.FullName, "repository"),
            Path.Combine(outside.FullName, "passphrase")
        );
        await File.WriteAllTextAsync(passphrase, "correct horse battery", Stop);
        var saved = await platform.RunAsync("backup", "platform", repository, "--file", passphrase);
        Assert.True(saved.Code == 0, saved.ToString());
        Assert.Contains("restore platform", saved.Output, StringComparison.Ordinal);

        await SucceedsAsync(platform.RunAsync("down"));
        Directory.Delete(platform.State, recursive: true);

        // Neither by another passphrase, nor of a repository in which a byte is flipped: and then nothing is left of it.
        var other = Path.Combine(outside.FullName, "other");
        await File.WriteAllTextAsync(other, "wrong horse battery", Stop);
        Assert.NotEqual(0, (await platform.RunAsync("restore", "platform", repository, "--file", other)).Code);
        Assert.False(Directory.Exists(platform.State) && File.Exists(Path.Combine(platform.State, "fairlead.db")));

        var began = Stopwatch.GetTimestamp();
        await SucceedsAsync(platform.RunAsync("restore", "platform", repository, "--file", passphrase));
        var served = 0;
        for (var number = 0; number < Apps; number++)
        {
            await AnswersAsync(platform, Name(number), began);
            served++;
        }
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{served} apps serve again {took.TotalSeconds:0.0} s after the command was typed"
            )
        );
        Assert.Equal(Apps, served);
        await SucceedsAsync(platform.RunAsync("audit", "verify"));

        // Into a folder with something in it nothing goes.
        Assert.Equal(5, (await platform.RunAsync("restore", "platform", repository, "--file", passphrase)).Code);
        outside.Delete(recursive: true);
    }

    [Fact]
    public async Task A_server_keeps_what_the_manifest_promises_and_brings_data_back_by_a_rollout()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.RunAsync("postgres", "ALTER ROLE fairlead CREATEDB");
        await peer.MakeAsync("shop");
        await peer.RunAsync(
            "shop",
            "CREATE TABLE public.orders (id int); INSERT INTO public.orders SELECT generate_series(1, 100); GRANT ALL ON public.orders TO fairlead"
        );
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(
            "shop",
            """
            app: shop
            databases:
              db: { kind: postgres, url: DATABASE_URL, backup: { every: 1m, rpo: 5m, rto: 5m, checks: [{ table: orders, rowsMin: 100 }] } }
            services:
              web: { kind: web, path: ., health: /healthz, secrets: [DATABASE_URL] }
            """
        );
        var url = Path.Combine(folder, "..", "url");
        await File.WriteAllTextAsync(url, peer.Url("shop"), Stop);
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
                url
            )
        );
        await SucceedsAsync(platform.DeployAsync(folder));

        // The first one is due at once, and is tried by itself.
        await UntilAsync(async () =>
            (await platform.AskAsync("backup", "list", "shop"))["backups"]!
                .AsArray()
                .Any(static one => one!["state"]!.GetValue<string>() == "verified")
        );
        var drill = await platform.AskAsync("backup", "drill", "shop");
        Assert.Empty(drill["problems"]!.AsArray());
        Assert.NotNull(drill["signature"]);

        var report = await platform.RunAsync("compliance", "report", "--json");
        Assert.Contains("Restored in a drill: shop/production/db.", report.Output, StringComparison.Ordinal);

        await peer.RunAsync("shop", "DROP TABLE public.orders");
        var restored = await platform.AskAsync("backup", "restore", "shop", "--into", "shop_back", "--switch");
        Assert.Equal(100, await peer.AskAsync<long>("shop_back", "SELECT count(*) FROM public.orders"));
        var id = restored["deploymentId"]!.GetValue<string>();
        await UntilAsync(async () =>
            (await platform.RunAsync("status", "shop")).Output.Contains("@2", StringComparison.Ordinal) && id.Length > 0
        );

        await IsSavedAgainAsync(platform);
    }

    private static async Task IsSavedAgainAsync(Platform platform)
    {
        // What is saved now is what the app uses now.
        var again = await platform.AskAsync("backup", "run", "shop");
        Assert.Equal("taken", again["state"]!.GetValue<string>());
        var bad = await platform.RunAsync("backup", "restore", "shop", "--backup", "--help");
        Assert.NotEqual(0, bad.Code);
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"app{number}");

    private static async Task AnswersAsync(Platform platform, string app, long began)
    {
        while (true)
        {
            try
            {
                await platform.AnswersAfterAsync(app);
                return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(50, Stop);
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "it did not come about");
            await Task.Delay(500, Stop);
        }
    }

    private static async Task SucceedsAsync(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }
}
