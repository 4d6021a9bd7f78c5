using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Voyages;

/// <summary>Four eyes, each pair with a session of its own, over HTTP.</summary>
public sealed class ApprovalScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_person_asks_for_goes_out_when_another_says_yes_to_exactly_that()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("hello", Manifest);
        using var anna = await Member.InviteAsync(platform, "anna@example.org", "deployer");
        using var ben = await Member.InviteAsync(platform, "ben@example.org", "operator");

        var asked = await anna.AskAsync("deploy", new() { ["folder"] = folder });
        var id = Text(asked["deployment"]!, "id");
        var waiting = await WaitsAsync(anna, id);
        Assert.StartsWith("anna@example.org", Text(waiting, "requestedBy"), StringComparison.Ordinal);

        // Who asked may not say yes, nor may a program, whatever its role; and not to another plan than the one that waits.
        Assert.Equal("access.not-allowed", await anna.RefusedAsync("approve", new() { ["deployment"] = id }));
        var token = await platform.AskAsync("token", "create", "helper", "--agent", "--role", "operator");
        using var agent = Member.OfToken(platform, Text(token, "token"));
        Assert.Equal("agent.needs-plan", await agent.RefusedAsync("approve", new() { ["deployment"] = id }));
        Assert.Equal(
            "plan.moved",
            await ben.RefusedAsync("approve", new() { ["deployment"] = id, ["plan"] = "000000000000" })
        );
        Assert.False(await AnswersAsync(platform));

        var plan = Text(waiting, "plan");
        await ben.AskAsync(
            "approve",
            new()
            {
                ["deployment"] = id,
                ["plan"] = plan,
                ["reason"] = "Seen with Anna",
            }
        );
        await EndsAsync(ben, id, "promoted");
        Assert.True(await AnswersAsync(platform));

        // One yes is one deployment: the next waits again, and Ben's own is not for him to approve.
        var next = await ben.AskAsync("deploy", new() { ["folder"] = folder, ["set"] = new JsonArray("web.env.N=2") });
        var second = Text(next["deployment"]!, "id");
        await WaitsAsync(ben, second);
        Assert.Equal("approval.own", await ben.RefusedAsync("approve", new() { ["deployment"] = second }));
        var yes = await platform.RunAsync("approve", second);
        Assert.True(yes.Code == 0, yes.ToString());
        await EndsAsync(ben, second, "promoted");

        var journal = await ExportAsync(platform);
        Assert.Contains("approved", journal, StringComparison.Ordinal);
        Assert.Contains("Seen with Anna", journal, StringComparison.Ordinal);
        Assert.Contains("ben@example.org", journal, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Somebody_who_says_no_ends_it_and_nothing_has_moved()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("hello", Manifest);
        using var anna = await Member.InviteAsync(platform, "anna@example.org", "deployer");
        using var ben = await Member.InviteAsync(platform, "ben@example.org", "operator");
        var asked = await anna.AskAsync("deploy", new() { ["folder"] = folder });
        var id = Text(asked["deployment"]!, "id");
        await WaitsAsync(anna, id);

        await ben.AskAsync("reject", new() { ["deployment"] = id, ["reason"] = "Not on a Friday" });

        var ended = await EndsAsync(anna, id, "aborted");
        Assert.Contains("Not on a Friday", ended.ToJsonString(), StringComparison.Ordinal);
        Assert.False(await AnswersAsync(platform));
    }

    private const string Manifest = """
        app: hello
        services:
          web:
            kind: web
            path: .
            health: { http: /healthz, every: 100ms }
        environments:
          production: { approvals: { count: 1, from: [operator, owner] } }
        """;

    private static async Task<JsonNode> WaitsAsync(Member member, string id) =>
        await UntilAsync(member, id, one => Text(one, "phase") == "awaiting-approval");

    private static async Task<JsonNode> EndsAsync(Member member, string id, string phase)
    {
        var ended = await UntilAsync(member, id, one => one["isOver"]!.GetValue<bool>());
        Assert.True(Text(ended, "phase") == phase, ended.ToJsonString());
        return ended;
    }

    private static async Task<JsonNode> UntilAsync(Member member, string id, Func<JsonNode, bool> isSo)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); ; )
        {
            var now = await member.AskAsync("follow", new() { ["deployment"] = id, ["waitMilliseconds"] = 200 });
            if (isSo(now["deployment"]!))
            {
                return now["deployment"]!;
            }
            Assert.True(DateTime.UtcNow < end, now.ToJsonString());
        }
    }

    private static async Task<bool> AnswersAsync(Platform platform)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "hello.localhost";
        using var answer = await http.GetAsync("/", Stop);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static async Task<string> ExportAsync(Platform platform)
    {
        await using var packed = File.OpenRead(Text(await platform.AskAsync("audit", "export"), "file"));
        await using var lines = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(lines);
        return await reader.ReadToEndAsync(Stop);
    }

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";

    /// <summary>Somebody with a session, or a program with a token, at the API.</summary>
    private sealed class Member(Platform platform) : IDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = new Uri($"http://{platform.Api}/") };

        public static async Task<Member> InviteAsync(Platform platform, string email, string role)
        {
            var invited = await platform.AskAsync("person", "invite", email, "--role", role);
            var member = new Member(platform);
            // As the page's own script asks.
            member.http.DefaultRequestHeaders.Add("Origin", $"http://{platform.Api}");
            member.http.DefaultRequestHeaders.Add("X-Fairlead", "1");
            await member.PostAsync(
                "identity/accept",
                new() { ["token"] = Text(invited, "link").Split('#')[1], ["password"] = $"long enough for {email}" }
            );
            return member;
        }

        public static Member OfToken(Platform platform, string token)
        {
            var member = new Member(platform);
            member.http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            return member;
        }

        public Task<JsonNode> AskAsync(string operation, JsonObject input) => PostAsync($"api/{operation}", input);

        /// <summary>Code of the problem.</summary>
        public async Task<string> RefusedAsync(string operation, JsonObject input)
        {
            using var answer = await http.PostAsJsonAsync($"api/{operation}", input, Stop);
            var body = await answer.Content.ReadAsStringAsync(Stop);
            Assert.False(answer.IsSuccessStatusCode, body);
            return Text(JsonNode.Parse(body)!, "code");
        }

        public void Dispose() => http.Dispose();

        private async Task<JsonNode> PostAsync(string path, JsonObject input)
        {
            using var answer = await http.PostAsJsonAsync(path, input, Stop);
            var body = await answer.Content.ReadAsStringAsync(Stop);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
            return JsonNode.Parse(body)!;
        }
    }
}
