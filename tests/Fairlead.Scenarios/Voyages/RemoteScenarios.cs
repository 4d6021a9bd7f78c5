using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Identity;

namespace Fairlead.Scenarios.Voyages;

/// <summary>A server is asked from another machine, as far as one machine can be two: another state, the edge's TLS, and a token.</summary>
public sealed class RemoteScenarios
{
    private const string Host = "fairlead.localhost";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_is_deployed_from_elsewhere_and_only_what_a_token_allows_is_done()
    {
        await using var platform = await Platform.StartAsync();
        var root = await OpenAsync(platform);
        var made = await platform.AskAsync("token", "create", "ci", "--role", "deployer", "--only-app", "shop");
        var token = made["token"]!.GetValue<string>();
        var folder = platform.App("shop", "app: shop", "static-hello");
        await File.WriteAllTextAsync(Path.Combine(folder, ".fairleadignore"), "*.secret\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "my.secret"), "hunter2", Stop);

        var elsewhere = Elsewhere(platform, root, ("FAIRLEAD_TOKEN", token));
        var deployed = await elsewhere("deploy", folder);
        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.Contains("sending", deployed.Messages, StringComparison.Ordinal);
        Assert.True(await platform.AnswersAfterAsync("shop") < TimeSpan.FromSeconds(10));
        var kept = Directory.GetFiles(Path.Combine(platform.State, "uploads"), "*", SearchOption.AllDirectories);
        Assert.Contains(kept, static one => Path.GetFileName(one) == "fairlead.yaml");
        Assert.DoesNotContain(kept, static one => Path.GetFileName(one) == "my.secret");

        // The same again is not sent again, and another app is not this token's.
        var again = await elsewhere("deploy", folder);
        Assert.True(again.Code == 0, again.ToString());
        Assert.DoesNotContain("sending", again.Messages, StringComparison.Ordinal);
        Assert.Contains("nothing has changed", again.ToString(), StringComparison.Ordinal);
        var other = await elsewhere("deploy", platform.App("blog", "app: blog", "static-hello"));
        Assert.True(other.Code != 0 && other.Messages.Contains("access.", StringComparison.Ordinal), other.ToString());
        var import = await elsewhere("secret", "import", "all.age", "--file", Path.Combine(folder, "my.secret"));
        Assert.Contains("upload.stays", import.Messages, StringComparison.Ordinal);

        var nobody = await Elsewhere(platform, root)("status");
        Assert.Contains("remote.no-token", nobody.Messages, StringComparison.Ordinal);
        var unsealed = await Elsewhere(platform, root, ("FAIRLEAD_SERVER", "http://example.com"))("status");
        Assert.Contains("remote.bad-address", unsealed.Messages, StringComparison.Ordinal);
        var distrusting = await Elsewhere(platform, "/dev/null", ("FAIRLEAD_TOKEN", token))("status");
        Assert.Contains("remote.unreachable", distrusting.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_outside_nothing_is_offered_that_is_not_for_programs_elsewhere()
    {
        await using var platform = await Platform.StartAsync();
        await OpenAsync(platform);
        var owner = (await File.ReadAllTextAsync(Path.Combine(platform.State, "api-token"), Stop)).Trim();
        var made = await platform.AskAsync("token", "create", "all", "--role", "owner");
        var token = made["token"]!.GetValue<string>();
        using var http = Client(platform);

        // The owner's token opens everything on its machine, and nothing from outside.
        Assert.Equal((401, "http.no-token"), await AskAsync(http, HttpMethod.Post, "/api/status", owner));
        Assert.Equal((200, null), await AskAsync(http, HttpMethod.Post, "/api/status", token));
        Assert.Equal((404, "http.not-outside"), await AskAsync(http, HttpMethod.Get, "/sign-in", token));
        Assert.Equal((404, "http.not-outside"), await AskAsync(http, HttpMethod.Post, "/v1/logs", token));
        Assert.Equal((404, "http.not-outside"), await AskAsync(http, HttpMethod.Get, "/metrics", token));
        Assert.Equal(
            (403, "upload.needed"),
            await AskAsync(http, HttpMethod.Post, "/api/plan", token, """{"Folder":"/etc","folder":"upload:x"}""")
        );
        Assert.Equal(
            (404, "upload.missing"),
            await AskAsync(http, HttpMethod.Post, "/api/plan", token, """{"folder":"upload:../../run"}""")
        );
        Assert.Equal((401, "http.no-token"), await AskAsync(http, HttpMethod.Put, "/uploads/00", token: null));
        Assert.Equal((400, "upload.bad"), await AskAsync(http, HttpMethod.Put, "/uploads/00", token));
        using var plain = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}") };
        plain.DefaultRequestHeaders.Host = Host;
        plain.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        Assert.Equal((403, "http.not-sealed"), await AskAsync(plain, HttpMethod.Post, "/api/status", token));

        // An app does not get what leads here.
        var thief = platform.App("fairlead", "app: fairlead\nenvironments: { platform: {} }", "static-hello");
        var refused = await platform.DeployAsync(thief);
        Assert.Contains("deploy.own-site", refused.Messages, StringComparison.Ordinal);

        var closed = await platform.AskAsync("address", "remove");
        Assert.Null(closed["url"]);
        Assert.Equal(404, (await AskAsync(http, HttpMethod.Post, "/api/status", token)).Status);
    }

    [Fact]
    public async Task A_job_deploys_with_the_token_that_its_system_signs_for_it()
    {
        OidcScenarios.Need();
        await using var platform = await Platform.StartAsync();
        var root = await OpenAsync(platform);
        using var peer = OidcScenarios.Start("http://localhost/callback");
        try
        {
            var issuer = $"http://127.0.0.1:{await peer.StandardOutput.ReadLineAsync(Stop)}";
            var trusted = await platform.RunAsync([
                "trust",
                "create",
                "shop-ci",
                "--issuer",
                issuer,
                "--inside",
                "--subject",
                "repo:acme/shop:*",
                "--role",
                "deployer",
                "--only-app",
                "shop",
            ]);
            Assert.True(trusted.Code == 0, trusted.ToString());
            var signed = await FederationScenarios.SignAsync(issuer, "repo:acme/shop:ref:refs/heads/main");
            var folder = platform.App("shop", "app: shop", "static-hello");

            // GitLab's way: it is there when the job begins.
            var deployed = await Elsewhere(platform, root, ("FAIRLEAD_ID_TOKEN", signed))("deploy", folder);
            Assert.True(deployed.Code == 0, deployed.ToString());
            Assert.True(await platform.AnswersAfterAsync("shop") < TimeSpan.FromSeconds(10));

            // GitHub's way: it is asked for, with a token of the runner, for an audience.
            using var runner = new RunnerUnderTest(signed);
            var status = await Elsewhere(
                platform,
                root,
                ("ACTIONS_ID_TOKEN_REQUEST_URL", $"{runner.Url}?api-version=2.0"),
                ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-runner")
            )("status");
            Assert.True(status.Code == 0, status.ToString());
            Assert.Equal(["GET /?api-version=2.0&audience=fairlead Bearer of-the-runner"], runner.Asked);
        }
        finally
        {
            peer.Kill();
        }
    }

    /// <summary>Opens the server's address, and gives the file with its authority's certificate.</summary>
    private static async Task<string> OpenAsync(Platform platform)
    {
        var opened = await platform.RunAsync("address", "set", Host);
        Assert.True(opened.Code == 0, opened.ToString());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await platform.AskAsync("address", "show"))["state"]!.GetValue<string>() != "ready")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), limit.Token);
        }
        var root = Path.Combine(platform.State, "root.pem");
        await File.WriteAllTextAsync(root, (await platform.RunAsync("certificate", "root")).Output, Stop);
        return root;
    }

    /// <summary>Runs commands as on a machine without a state of its own.</summary>
    private static Command Elsewhere(Platform platform, string root, params (string Name, string Value)[] more)
    {
        var env = new Dictionary<string, string>
        {
            ["FAIRLEAD_STATE"] = Path.Combine(platform.State, "no-such-state"),
            ["FAIRLEAD_SERVER"] = $"https://{Host}:{platform.Secure.Port}",
            ["SSL_CERT_FILE"] = root,
        };
        foreach (var (name, value) in more)
        {
            env[name] = value;
        }
        return words => platform.RunAsync(env, words);
    }

    private delegate Task<Platform.Answer> Command(params string[] words);

    private static HttpClient Client(Platform platform)
    {
        var handler = new SocketsHttpHandler
        {
            // Whose certificate it is is another scenario's; this one asks what is offered behind it.
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = Host,
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
            },
        };
        var http = new HttpClient(handler) { BaseAddress = new Uri($"https://{platform.Secure}") };
        http.DefaultRequestHeaders.Host = Host;
        return http;
    }

    private static async Task<(int Status, string? Code)> AskAsync(
        HttpClient http,
        HttpMethod method,
        string path,
        string? token,
        string body = "{}"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return (
            (int)answer.StatusCode,
            text.StartsWith('{') ? JsonNode.Parse(text)!["code"]?.GetValue<string>() : null
        );
    }

    /// <summary>Answers as GitHub's runner does when a job asks for its token.</summary>
    private sealed class RunnerUnderTest : IDisposable
    {
        private readonly HttpListener listener;

        public RunnerUnderTest(string token)
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }
            listener = new HttpListener { Prefixes = { Url } };
            listener.Start();
            _ = AnswerAsync(new JsonObject { ["count"] = 1, ["value"] = token }.ToJsonString());
        }

        public string Url { get; }

        public List<string> Asked { get; } = [];

        public void Dispose() => listener.Close();

        private async Task AnswerAsync(string body)
        {
            try
            {
                while (true)
                {
                    var asked = await listener.GetContextAsync();
                    Asked.Add(
                        $"{asked.Request.HttpMethod} {asked.Request.RawUrl} {asked.Request.Headers["Authorization"]}"
                    );
                    asked.Response.ContentType = "application/json";
                    await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body), Stop);
                    asked.Response.Close();
                }
            }
            catch (Exception caught) when (caught is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
