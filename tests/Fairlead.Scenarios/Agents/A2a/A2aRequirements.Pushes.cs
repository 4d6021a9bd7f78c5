using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Fairlead.Scenarios.Agents.A2a.A2aPeer;

namespace Fairlead.Scenarios.Agents.A2a;

public sealed partial class A2aRequirements
{
    private static Dictionary<string, Func<A2aPeer, Task>> Pushes { get; } =
        new(StringComparer.Ordinal)
        {
            ["PUSH-CREATE-001"] = static async peer =>
            {
                var made = await AddAsync(peer, await peer.WorkingAsync(), "https://127.0.0.1:1/told");
                Assert.Equal("https://127.0.0.1:1/told", made["url"]!.GetValue<string>());
                Assert.NotEmpty(made["id"]!.GetValue<string>());
            },
            ["PUSH-CREATE-002"] = static async peer =>
            {
                await using var listener = await Listener.StartAsync();
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, listener.Url);
                await peer.TellAsync();
                await peer.BecomesAsync(id, AgentTaskState.InputRequired);
                await peer.TellAsync();
                Assert.Single((await PushesAsync(peer, id))["configs"]!.AsArray());
                Assert.Equal(2, listener.Told.Count);
            },
            ["PUSH-GET-001"] = static async peer =>
            {
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, "https://127.0.0.1:1/told");
                var got = await peer.ResultAsync("GetTaskPushNotificationConfig", Named(id, "mine"));
                Assert.Equal(
                    ("https://127.0.0.1:1/told", "Bearer"),
                    (Text(got, "url"), Text(got["authentication"]!, "scheme"))
                );
                // What it is told with is nobody's to read again.
                Assert.DoesNotContain("horse", got.ToJsonString(), StringComparison.Ordinal);
            },
            ["PUSH-GET-002"] = static async peer =>
            {
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, "https://127.0.0.1:1/told");
                Assert.Equal(-32001, await peer.CodeAsync("GetTaskPushNotificationConfig", Named(id, "another")));
                Assert.Equal(
                    -32001,
                    await peer.CodeAsync("GetTaskPushNotificationConfig", Named(id, "mine"), peer.Other)
                );
            },
            ["PUSH-LIST-001"] = static async peer =>
            {
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, "https://127.0.0.1:1/one", "one");
                await AddAsync(peer, id, "https://127.0.0.1:1/two", "two");
                Assert.Equal(
                    ["one", "two"],
                    (await PushesAsync(peer, id))["configs"]!.AsArray().Select(static one => Text(one!, "id"))
                );
            },
            ["PUSH-DEL-001"] = static async peer =>
            {
                await using var listener = await Listener.StartAsync();
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, listener.Url);
                await peer.ResultAsync("DeleteTaskPushNotificationConfig", Named(id, "mine"));
                await peer.TellAsync();
                Assert.Empty(listener.Told);
                Assert.Empty((await PushesAsync(peer, id))["configs"]!.AsArray());
            },
            ["PUSH-DEL-002"] = static async peer =>
            {
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, "https://127.0.0.1:1/told");
                await peer.ResultAsync("DeleteTaskPushNotificationConfig", Named(id, "mine"));
                await peer.ResultAsync("DeleteTaskPushNotificationConfig", Named(id, "mine"));
            },
            ["PUSH-DELIVER-001"] = static async peer =>
            {
                await using var listener = await Listener.StartAsync();
                await AddAsync(peer, await peer.WorkingAsync(), listener.Url);
                await peer.TellAsync();
                var (_, headers) = Assert.Single(listener.Told);
                Assert.Equal("Bearer correct horse", headers["Authorization"]);
                Assert.Equal("battery", headers["X-A2A-Notification-Token"]);
            },
            ["PUSH-DELIVER-002"] = static async peer =>
            {
                await using var listener = await Listener.StartAsync();
                // The one that is over before anybody is told, too.
                await peer.ResultAsync(
                    "SendMessage",
                    Message(configuration: $$$"""{"taskPushNotificationConfig":{"url":"{{{listener.Url}}}"}}""")
                );
                await peer.TellAsync();
                await peer.TellAsync();
                Assert.Equal(["task TASK_STATE_COMPLETED"], listener.Told.Select(static one => ToldBare(one.Body)));
            },
            ["PUSH-DELIVER-003"] = static async peer =>
            {
                await using var listener = await Listener.StartAsync();
                var id = await peer.WorkingAsync();
                await AddAsync(peer, id, listener.Url);
                await peer.TellAsync();
                await peer.BecomesAsync(id, AgentTaskState.InputRequired);
                await peer.BecomesAsync(id, AgentTaskState.Working);
                await peer.BecomesAsync(id, AgentTaskState.Completed, "deployment");
                await peer.TellAsync();
                Assert.Equal(Life, listener.Told.Select(static one => ToldBare(one.Body)));
                Assert.All(
                    listener.Told,
                    static one => Assert.Equal("application/a2a+json", one.Headers["Content-Type"])
                );
            },
        };

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://me:secret@192.0.43.8/")]
    [InlineData("gopher://example.org/")]
    [InlineData("/told")]
    public async Task Nobody_sends_this_server_where_nobody_may(string url) =>
        Assert.Equal(-32602, await PushCodeAsync(url, by: null));

    [Theory]
    [InlineData("http://127.0.0.1:8077/api/deploy")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("http://example.org/")]
    public async Task Who_may_not_operate_everything_does_not_send_it_into_its_own_network(string url) =>
        Assert.Equal(-32602, await PushCodeAsync(url, peer.Outsider));

    [Fact]
    public async Task A_name_that_leads_inside_is_found_out_when_it_is_connected_to()
    {
        await using var listener = await Listener.StartAsync();
        var url = listener.Url.Replace("http://127.0.0.1", "https://localhost", StringComparison.Ordinal);
        Assert.Equal(0, await PushCodeAsync(url, peer.Outsider));
        await peer.TellAsync();
        Assert.Empty(listener.Told);
    }

    [Fact]
    public async Task What_is_not_taken_is_told_again_and_what_never_will_be_is_not()
    {
        await using var listener = await Listener.StartAsync();
        var (later, never) = (await peer.WorkingAsync(), await peer.WorkingAsync());
        listener.Status = 500;
        await AddAsync(peer, later, listener.Url);
        await peer.TellAsync();
        Assert.Single(listener.Told);
        await peer.TellAsync(); // Not before its pause is over.
        Assert.Single(listener.Told);
        listener.Status = 410;
        await AddAsync(peer, never, listener.Url);
        await peer.TellAsync();
        await peer.TellAsync();
        Assert.Equal(2, listener.Told.Count);
    }

    [Theory]
    [InlineData("a\\r\\nX-Other: b")]
    [InlineData("\\u00e9")]
    public async Task No_header_is_smuggled_in_with_a_token(string token)
    {
        var id = await peer.WorkingAsync();
        Assert.Equal(
            -32602,
            await peer.CodeAsync(
                "CreateTaskPushNotificationConfig",
                $$"""{"taskId":"{{id}}","url":"https://127.0.0.1:1/","token":"{{token}}"}"""
            )
        );
    }

    private async Task<int> PushCodeAsync(string url, string? by)
    {
        var task = (await peer.ResultAsync("SendMessage", Message("""{"text":"x"}"""), by))["task"]!;
        return await peer.CodeAsync(
            "CreateTaskPushNotificationConfig",
            $$"""{"taskId":{{task["id"]!.ToJsonString()}},"url":"{{url}}"}""",
            by
        );
    }

    private static Task<JsonNode> AddAsync(A2aPeer peer, string task, string url, string id = "mine") =>
        peer.ResultAsync(
            "CreateTaskPushNotificationConfig",
            $$$"""{"taskId":"{{{task}}}","id":"{{{id}}}","url":"{{{url}}}","token":"battery","authentication":{"scheme":"Bearer","credentials":"correct horse"}}"""
        );

    private static Task<JsonNode> PushesAsync(A2aPeer peer, string task) =>
        peer.ResultAsync("ListTaskPushNotificationConfigs", $"{{\"taskId\":\"{task}\"}}");

    private static string Named(string task, string id) => $$"""{"taskId":"{{task}}","id":"{{id}}"}""";

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    /// <summary>Whoever wants to be told.</summary>
    internal sealed class Listener : IAsyncDisposable
    {
        private readonly WebApplication app;

        private Listener(WebApplication app) => this.app = app;

        public ConcurrentQueue<(JsonNode Body, Dictionary<string, string> Headers)> Told { get; } = new();

        public int Status { get; set; } = 200;

        public string Url => $"{app.Urls.First()}/told";

        public static async Task<Listener> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var listener = new Listener(builder.Build());
            listener.app.MapPost("/told", http => listener.TakeAsync(http, http.RequestAborted));
            await listener.app.StartAsync(Stop);
            return listener;
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        private async Task TakeAsync(HttpContext http, CancellationToken stop)
        {
            var body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: stop);
            Told.Enqueue(
                (
                    body!,
                    http.Request.Headers.ToDictionary(
                        static one => one.Key,
                        static one => one.Value.ToString(),
                        StringComparer.OrdinalIgnoreCase
                    )
                )
            );
            http.Response.StatusCode = Status;
        }
    }
}
