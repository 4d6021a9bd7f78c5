using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Sources;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Whole lives of commits, with a real git, a real server and webhooks that are signed here.</summary>
public sealed class SourceScenarios
{
    private const string Staged = """
        environments:
          production: { env: { PLACE: production } }
          staging: { env: { PLACE: staging } }
          preview: { env: { PLACE: preview } }
        """;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_push_is_deployed_by_its_webhook_once_and_a_forged_one_changes_nothing()
    {
        using var repository = await Repository.OfAsync("hooked");
        await using var platform = await Platform.StartAsync();
        var added = await platform.AskAsync(
            "source",
            "add",
            "hooked",
            "--url",
            repository.Url,
            "--inside",
            "--poll",
            "1h"
        );
        var secret = added["hookSecret"]!.GetValue<string>();
        await AnswersAsync(platform, "hooked.localhost", "one");

        var two = await repository.CommitAsync("two");
        Assert.Equal(HttpStatusCode.NotFound, await HookAsync(platform, "hooked", "wrong", "delivery-1"));
        Assert.Equal(HttpStatusCode.NotFound, await HookAsync(platform, "nobody", secret, "delivery-1"));
        Assert.Equal(["1"], await ReleasesAsync(platform, "hooked", "production"));
        Assert.Equal(HttpStatusCode.Accepted, await HookAsync(platform, "hooked", secret, "delivery-1"));
        Assert.Equal(HttpStatusCode.OK, await HookAsync(platform, "hooked", secret, "delivery-1"));
        await AnswersAsync(platform, "hooked.localhost", "two");

        // The same commit twice is one deployment, even when the server is killed and asked again.
        await LiveAsync(platform, "hooked", "production", 2);
        platform.Kill("server");
        var synced = await SyncAsync(platform, "hooked");
        Assert.Equal(two[..12], synced["commit"]!.GetValue<string>());
        Assert.Equal(["2", "1"], await ReleasesAsync(platform, "hooked", "production"));

        // A history that was written anew is followed, and said.
        await repository.GitAsync("reset", "--quiet", "--hard", "HEAD~1");
        var three = await repository.CommitAsync("three", force: true);
        await SyncAsync(platform, "hooked");
        await AnswersAsync(platform, "hooked.localhost", "three");
        var audit = await platform.RunAsync("releases", "hooked", "--json");
        Assert.Contains(three, audit.Output, StringComparison.Ordinal);

        // A deleted branch stops nothing.
        await repository.GitAsync("push", "--quiet", "origin", "HEAD:other");
        await repository.GitAsync(
            "--git-dir",
            new Uri(repository.Url).LocalPath,
            "symbolic-ref",
            "HEAD",
            "refs/heads/other"
        );
        await repository.GitAsync("push", "--quiet", "origin", "--delete", "main");
        synced = await SyncAsync(platform, "hooked");
        Assert.Equal("source.branch-gone", synced["trouble"]!["code"]!.GetValue<string>());
        await AnswersAsync(platform, "hooked.localhost", "three");

        // What is live stays when its source goes; its hooks are nobody's any more.
        Assert.Equal(0, (await platform.RunAsync("source", "remove", "hooked", "--yes")).Code);
        await UntilAsync(() => AskAsync(platform, "source", "list"), one => one["sources"]!.AsArray().Count == 0);
        Assert.Equal(HttpStatusCode.NotFound, await HookAsync(platform, "hooked", secret, "delivery-2"));
        Assert.False(Directory.Exists(Path.Combine(platform.State, "sources", "hooked")));
        await AnswersAsync(platform, "hooked.localhost", "three");
    }

    [Fact]
    public async Task A_lost_hook_is_found_by_polling_and_a_commit_whose_pipeline_fails_is_not_deployed()
    {
        using var repository = await Repository.OfAsync("polled", folder: "apps/shop");
        repository.Write("apps/shop/fairlead.pipeline.yaml", "jobs: { test: { run: test ! -e broken } }\n");
        repository.Write("README.md", "Hello\n");
        await repository.CommitAsync("one", "apps/shop");
        await using var platform = await Platform.StartAsync();
        string[] adding =
        [
            "source",
            "add",
            "polled",
            "--url",
            repository.Url,
            "--inside",
            "--poll",
            "5s",
            "--pipeline",
        ];
        var added = await platform.RunAsync([.. adding, "--source-folder", "apps/shop", "--path", "apps/shop/**"]);
        Assert.True(added.Code == 0, added.ToString());
        await AnswersAsync(platform, "polled.localhost", "one");
        await LiveAsync(platform, "polled", "production", 1);

        repository.Write("apps/shop/broken", "");
        var broken = await repository.CommitAsync("two", "apps/shop");
        var view = await UntilAsync(
            () => SourceAsync(platform, "polled"),
            one => one["commit"]?.GetValue<string>() == broken[..12]
        );
        Assert.Equal("source.pipeline-failed", view["trouble"]!["code"]!.GetValue<string>());
        await AnswersAsync(platform, "polled.localhost", "one");

        await repository.GitAsync("rm", "--quiet", "apps/shop/broken");
        await repository.CommitAsync("three", "apps/shop");
        await AnswersAsync(platform, "polled.localhost", "three");
        await LiveAsync(platform, "polled", "production", 2);

        // What lies elsewhere in the repository is another app's.
        repository.Write("README.md", "Hello again\n");
        await repository.GitAsync("commit", "--quiet", "--all", "--message", "Words");
        var words = await repository.PushAsync();
        view = await UntilAsync(
            () => SourceAsync(platform, "polled"),
            one => one["commit"]?.GetValue<string>() == words[..12]
        );
        Assert.Equal("nothing in its paths changed", view["outcome"]!.GetValue<string>());
        Assert.Equal(["2", "1"], await ReleasesAsync(platform, "polled", "production"));
    }

    [Fact]
    public async Task A_branch_has_a_preview_of_its_own_that_is_told_of_and_is_gone_with_it()
    {
        const string Token = "t0ken-of-the-forge";
        await using var forge = await FakeForge.StartAsync("Authorization", $"Bearer {Token}");
        using var repository = await Repository.OfAsync("shop", "    secrets: [DB]\n" + Staged);
        await using var platform = await Platform.StartAsync();
        await SecretAsync(platform, "GIT_TOKEN", Token, "production");
        await SecretAsync(platform, "DB", "production-database", "production");
        await SecretAsync(platform, "DB", "preview-database", "preview");
        var path = new Uri(repository.Url).AbsolutePath.Trim('/').Split('/');
        var name = $"{path[^2]}/hub";
        forge.Change = Open("feature/login", name);
        var cleaned = Path.Combine(repository.Folder, "cleaned");
        repository.Write(
            "prepare.py",
            "import os\nprint('::secret COPIED=from-' + os.environ['FAIRLEAD_DATA_FROM'])\n"
        );
        await repository.CommitAsync("one and more");
        await AddWithPreviewsAsync(platform, (repository.Url, forge.Url.ToString(), cleaned));
        await AnswersAsync(platform, "shop.localhost", "one and more production production-database");

        await repository.GitAsync("checkout", "--quiet", "-b", "feature/login");
        var first = await repository.CommitAsync("login");
        await SyncAsync(platform, "shop");
        var preview = (await platform.AskAsync("preview", "list"))["previews"]!.AsArray().Single()!;
        var (environment, host) = (Text(preview, "environment"), new Uri(Text(preview, "url")).Host);
        Assert.Equal($"{environment["preview-".Length..]}.shop.localhost", host);
        await AnswersAsync(platform, host, "login preview preview-database");
        await UntilAsync(
            () => Task.FromResult(string.Join('\n', forge.Comments.Values)),
            text => text.Contains($"**Preview** of {first[..12]} is ready: http://{host}", StringComparison.Ordinal)
        );
        Assert.Contains($"{first} fairlead/{environment} success", forge.Statuses);
        var secrets = await platform.RunAsync("secret", "list", "--app", "shop", "--env", environment, "--json");
        Assert.Contains("COPIED", secrets.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GIT_TOKEN", secrets.Output, StringComparison.Ordinal);

        var second = await repository.CommitAsync("login again");
        await SyncAsync(platform, "shop");
        await AnswersAsync(platform, host, "login again preview preview-database");
        await UntilAsync(
            () => Task.FromResult(string.Join('\n', forge.Comments.Values)),
            text => text.Contains($"{second[..12]} is ready", StringComparison.Ordinal)
        );
        Assert.Single(forge.Comments);

        await repository.GitAsync("push", "--quiet", "origin", "--delete", "feature/login");
        await EndedAlthoughKilledAsync(platform, host);
        await NothingIsLeftAsync(platform, environment);
        var comment = Assert.Single(forge.Comments).Value;
        Assert.Contains("is gone: its branch is gone", comment, StringComparison.Ordinal);
        Assert.True(File.Exists(cleaned));
        await AnswersAsync(platform, "shop.localhost", "one and more production production-database");
    }

    /// <summary>The server is killed in the midst of a preview's end, and another goes on.</summary>
    private static async Task EndedAlthoughKilledAsync(Platform platform, string host)
    {
        await SyncAsync(platform, "shop");
        platform.Kill("server");
        await UntilAsync(() => AskAsync(platform, "preview", "list"), one => one["previews"]!.AsArray().Count == 0);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(platform, host)).Status);
    }

    [Fact]
    public async Task A_fork_gets_a_preview_of_the_commit_that_was_approved_and_of_no_other()
    {
        const string Token = "t0ken-of-the-forge";
        await using var forge = await FakeForge.StartAsync("Authorization", $"token {Token}");
        using var repository = await Repository.OfAsync("shop", Staged);
        await using var platform = await Platform.StartAsync();
        await SecretAsync(platform, "GIT_TOKEN", Token, "production");
        forge.Change = Open("main", "eve/shop");
        string[] adding =
        [
            "source",
            "add",
            "shop",
            "--url",
            repository.Url,
            "--inside",
            "--poll",
            "1h",
            "--preview",
            "**",
        ];
        string[] telling = ["--token", "GIT_TOKEN", "--forge", "gitea", "--api", forge.Url.ToString()];
        var added = await platform.RunAsync([.. adding, .. telling]);
        Assert.True(added.Code == 0, added.ToString());
        await AnswersAsync(platform, "shop.localhost", "one production");

        // What anybody proposes is not looked at.
        await repository.CommitAsync("good", to: "refs/pull/12/head");
        var good = (await repository.GitAsync("rev-parse", "HEAD")).Trim();
        await SyncAsync(platform, "shop");
        Assert.Empty((await platform.AskAsync("preview", "list"))["previews"]!.AsArray());

        var approved = await platform.AskAsync("preview", "approve", "shop", "--change", "12", "--commit", good);
        var host = Text(approved, "host");
        await SyncAsync(platform, "shop");
        await AnswersAsync(platform, host, "good preview");
        await repository.CommitAsync("evil", to: "refs/pull/12/head");
        var evil = (await repository.GitAsync("rev-parse", "HEAD")).Trim();
        await SyncAsync(platform, "shop");
        await SyncAsync(platform, "shop");
        Assert.Equal((HttpStatusCode.OK, "good preview"), await GetAsync(platform, host));
        await UntilAsync(
            () => Task.FromResult(string.Join('\n', forge.Statuses)),
            text => text.Contains($"{good} fairlead/{Text(approved, "environment")} success", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(evil, string.Join('\n', forge.Statuses), StringComparison.Ordinal);

        forge.Change["state"] = "closed";
        await SyncAsync(platform, "shop");
        await UntilAsync(() => AskAsync(platform, "preview", "list"), one => one["previews"]!.AsArray().Count == 0);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(platform, host)).Status);
    }

    [Fact]
    public async Task A_repository_behind_a_token_is_read_with_it_and_no_redirect_is_followed()
    {
        using var repository = await Repository.OfAsync("shop");
        await repository.GitAsync("--git-dir", new Uri(repository.Url).LocalPath, "update-server-info");
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:right-token"));
        await using var server = await DumbHttp.StartAsync(repository.Folder, $"Basic {login}");
        await using var platform = await Platform.StartAsync();
        await SecretAsync(platform, "GIT_TOKEN", "wrong-token", "production");
        string[] adding = ["source", "add", "shop", "--inside", "--poll", "1h", "--token", "GIT_TOKEN", "--url"];
        Assert.Equal(0, (await platform.RunAsync([.. adding, $"{server.Url}hub.git"])).Code);
        var refused = await SyncAsync(platform, "shop");
        Assert.Equal("git.refused", Text(refused["trouble"]!, "code"));
        Assert.DoesNotContain("wrong-token", refused.ToJsonString(), StringComparison.Ordinal);

        await SecretAsync(platform, "GIT_TOKEN", "right-token", "production");
        await SyncAsync(platform, "shop");
        await AnswersAsync(platform, "shop.localhost", "one");

        Assert.Equal(0, (await platform.RunAsync([.. adding, $"{server.Url}moved/hub.git"])).Code);
        refused = await SyncAsync(platform, "shop");
        Assert.StartsWith("git.", Text(refused["trouble"]!, "code"), StringComparison.Ordinal);
        var outside = await platform.RunAsync("source", "add", "shop", "--url", "https://127.0.0.1/hub.git");
        Assert.True(outside.Code == 0, outside.ToString());
        refused = await SyncAsync(platform, "shop");
        Assert.Contains("where Fairlead is not sent", Text(refused["trouble"]!, "why"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_live_in_staging_goes_to_production_as_it_is()
    {
        using var repository = await Repository.OfAsync("moved", Staged);
        await using var platform = await Platform.StartAsync();
        string[] adding = ["source", "add", "moved", "--url", repository.Url, "--inside", "--poll", "1h"];
        Assert.Equal(0, (await platform.RunAsync([.. adding, "--env", "staging"])).Code);
        await AnswersAsync(platform, "moved-staging.localhost", "one staging");
        await LiveAsync(platform, "moved", "staging", 1);
        await platform.AskAsync("release", "promote", "moved", "--from", "staging", "--to", "production");
        await AnswersAsync(platform, "moved.localhost", "one production");
        await LiveAsync(platform, "moved", "production", 1);
        await repository.CommitAsync("two");
        var three = await repository.CommitAsync("three");
        await SyncAsync(platform, "moved");
        await AnswersAsync(platform, "moved-staging.localhost", "three staging");
        await LiveAsync(platform, "moved", "staging", 2);

        var diff = await platform.AskAsync("env", "diff", "staging", "production", "--app", "moved");
        Assert.Equal(2, diff["commits"]!["ahead"]!.GetValue<int>());
        Assert.Equal(
            ["Page three (Ada)", "Page two (Ada)"],
            diff["commits"]!["titles"]!.AsArray().Select(one => one!.GetValue<string>()[13..])
        );
        Assert.Contains("env PLACE", diff["differences"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(
            "\"staging\",\"right\":\"production\"",
            diff["differences"]!.ToJsonString(),
            StringComparison.Ordinal
        );

        var again = await platform.AskAsync("release", "promote", "moved", "--from", "staging", "--to", "production");
        await AnswersAsync(platform, "moved.localhost", "three production");
        Assert.Equal(three, Text(again, "commit"));
        var staging = (await platform.AskAsync("env", "diff", "staging", "production", "--app", "moved"))[
            "differences"
        ]!;
        Assert.DoesNotContain("artifact", staging.ToJsonString(), StringComparison.Ordinal);

        // What was tried is what goes there, or nothing does.
        Directory.Delete(
            Path.Combine(platform.State, "artifacts", again["artifacts"]!["web"]!.GetValue<string>()),
            recursive: true
        );
        var gone = await platform.RunAsync("release", "promote", "moved", "--from", "staging", "--to", "preview");
        Assert.True(gone.Code == 5, gone.ToString());
        Assert.Contains("release.artifact-gone", gone.ToString(), StringComparison.Ordinal);
    }

    private static async Task AddWithPreviewsAsync(Platform platform, (string Url, string Api, string Cleaned) with)
    {
        string[] adding = ["source", "add", "shop", "--url", with.Url, "--inside", "--poll", "1h"];
        string[] telling = ["--token", "GIT_TOKEN", "--forge", "github", "--api", with.Api];
        string[] previews = ["--preview", "feature/*", "--preview-max", "1", "--preview-data", "copy-of:staging"];
        string[] data = ["--preview-prepare", "python3 prepare.py", "--preview-cleanup", $"touch {with.Cleaned}"];
        var added = await platform.RunAsync([.. adding, .. telling, .. previews, .. data]);
        Assert.True(added.Code == 0, added.ToString());
    }

    private static async Task NothingIsLeftAsync(Platform platform, string environment)
    {
        var status = await platform.RunAsync("status", "--json");
        Assert.DoesNotContain(environment, status.Output, StringComparison.Ordinal);
        var secrets = await platform.RunAsync("secret", "list", "--app", "shop", "--json");
        Assert.DoesNotContain(environment, secrets.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await platform.RunAsync("audit", "verify")).Code);
    }

    private static JsonObject Open(string branch, string repository) =>
        new()
        {
            ["number"] = 7,
            ["state"] = "open",
            ["head"] = new JsonObject
            {
                ["ref"] = branch,
                ["repo"] = new JsonObject { ["full_name"] = repository },
            },
        };

    private static async Task SecretAsync(Platform platform, string name, string value, string environment)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, value, Stop);
            var set = await platform.RunAsync(
                "secret",
                "set",
                name,
                "--app",
                "shop",
                "--env",
                environment,
                "--file",
                file
            );
            Assert.True(set.Code == 0, set.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<HttpStatusCode> HookAsync(
        Platform platform,
        string source,
        string secret,
        string delivery
    )
    {
        var body = """{ "ref": "refs/heads/main" }"""u8.ToArray();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"http://{platform.Public}/.fairlead/hooks/{source}"
        )
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add("X-Hub-Signature-256", $"sha256={signature}");
        request.Headers.Add("X-GitHub-Delivery", delivery);
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(Platform platform, string host)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{platform.Public}/");
        request.Headers.Host = host;
        using var answer = await http.SendAsync(request, Stop);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(Stop)).Trim());
    }

    private static Task AnswersAsync(Platform platform, string host, string body) =>
        UntilAsync(() => GetAsync(platform, host), answer => answer == (HttpStatusCode.OK, body));

    private static Task LiveAsync(Platform platform, string app, string environment, int release) =>
        UntilAsync(
            () => platform.AskAsync("releases", app, "--env", environment),
            one =>
                one["releases"]!
                    .AsArray()
                    .Any(row => row!["release"]!.GetValue<int>() == release && Text(row, "state") == "live")
        );

    private static async Task<string[]> ReleasesAsync(Platform platform, string app, string environment) =>
        [
            .. (await platform.AskAsync("releases", app, "--env", environment))["releases"]!
                .AsArray()
                .Select(one => one!["release"]!.ToString()),
        ];

    private static async Task<JsonNode> SourceAsync(Platform platform, string name) =>
        (await platform.AskAsync("source", "list"))["sources"]!.AsArray().Single(one => Text(one!, "source") == name)!;

    /// <summary>Asks until a server answers: the one that was killed is started anew.</summary>
    private static async Task<JsonNode> AskAsync(Platform platform, params string[] words)
    {
        var answer = await UntilAsync(
            () => platform.RunAsync([.. words, "--json"]),
            one => !one.Output.Contains("server.unreachable", StringComparison.Ordinal)
        );
        return JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])!["data"]
            ?? throw new InvalidOperationException(answer.ToString());
    }

    private static async Task<JsonNode> SyncAsync(Platform platform, string name)
    {
        var view = await AskAsync(platform, "source", "sync", name);
        Assert.True(view["isDone"]!.GetValue<bool>(), view.ToJsonString());
        return view["source"]!;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Predicate<T> isGood)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(AtMost);
        while (true)
        {
            var seen = await look();
            if (isGood(seen))
            {
                return seen;
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(seen is JsonNode node ? node.ToJsonString() : seen?.ToString() ?? "nothing");
            }
        }
    }
}
