using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Issues;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Tests.Drivers.Channels;

public sealed class GitHubIssueTests : IssueContract
{
    protected override string Kind => "github";

    protected override string TextWord => "body";

    protected override string NumberWord => "number";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("repository", "acme/shop"),
            ("token", "ghp_hush"),
            ("labels", "alert"),
            ("api_url", $"http://127.0.0.1:{port}/api/v3")
        );
}

public sealed class GitLabIssueTests : IssueContract
{
    protected override string Kind => "gitlab";

    protected override string TextWord => "description";

    protected override string NumberWord => "iid";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("project", "acme/web/shop"),
            ("token", "glpat-hush"),
            ("labels", "alert"),
            ("api_url", $"http://127.0.0.1:{port}/api/v4")
        );
}

/// <summary>What channels promise that keep issues.</summary>
public abstract class IssueContract : HttpChannelContract
{
    // What it answers when all is well: an empty list of issues.
    protected override string Takes => "[]";

    protected abstract string TextWord { get; }

    protected abstract string NumberWord { get; }

    [Fact]
    public async Task A_group_has_one_issue_that_is_opened_told_of_and_closed()
    {
        var forge = new Forge(TextWord, NumberWord);
        await using var there = await PlayedHttp.StartAsync(forge.AnswerAsync);
        var settings = Settings(there.Port);

        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Firing, settings, Stop));
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Firing, settings, Stop));
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Firing with { Id = "a2" }, settings, Stop));
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Firing with { Id = "a2" }, settings, Stop));
        Assert.Equal(
            Sent.Taken,
            await Channel.SendAsync(Notices.Firing with { Id = "o", GroupKey = "another" }, settings, Stop)
        );
        Assert.Equal(
            (2, 2, 1),
            (forge.Issues.Count, forge.Issues.Values.Count(static one => one.IsOpen), forge.Comments.Count)
        );
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Resolved, settings, Stop));
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Resolved, settings, Stop));

        Assert.Equal(
            (2, 1, 2),
            (forge.Issues.Count, forge.Issues.Values.Count(static one => one.IsOpen), forge.Comments.Count)
        );
    }

    [Fact]
    public async Task An_issue_that_could_not_be_closed_is_closed_the_next_time_without_another_comment()
    {
        var forge = new Forge(TextWord, NumberWord);
        await using var there = await PlayedHttp.StartAsync(forge.AnswerAsync);
        var settings = Settings(there.Port);
        await Channel.SendAsync(Notices.Firing, settings, Stop);

        forge.RefusesToClose = true;
        Assert.True((await Channel.SendAsync(Notices.Resolved, settings, Stop)).MayRetry);
        forge.RefusesToClose = false;
        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Resolved, settings, Stop));

        Assert.Equal((0, 1), (forge.Issues.Values.Count(static one => one.IsOpen), forge.Comments.Count));
    }

    [Fact]
    public async Task An_answer_that_is_no_list_opens_nothing()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes, "<html>sign in</html>");

        var sent = await TellAsync(there);

        Assert.Equal(
            Sent.Later($"{Kind} did not answer with a list of JSON: see that the address is that of its API."),
            sent
        );
        Assert.Single(there.Seen);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acme/..")]
    [InlineData("acme/shop?x=1")]
    [InlineData("/acme/shop")]
    public void A_place_is_names_and_nothing_else(string place) =>
        Assert.NotNull(Channel.Fault(Settings(1).With(Kind == "github" ? "repository" : "project", place)));

    [Theory]
    [InlineData("plain", "```text\nplain\n```")]
    [InlineData("```\n/close", "````text\n```\n/close\n````")]
    [InlineData("`````", "``````text\n`````\n``````")]
    public void Nothing_leaves_its_fence(string text, string fenced) => Assert.Equal(fenced, IssueText.Fenced(text));

    // Keeps issues as forges do.
    private sealed class Forge(string text, string number)
    {
        public ConcurrentDictionary<int, (string Text, bool IsOpen)> Issues { get; } = new();

        public ConcurrentQueue<(int Issue, string Text)> Comments { get; } = new();

        public bool RefusesToClose { get; set; }

        public async Task AnswerAsync(HttpContext http, string body)
        {
            var words = http.Request.Path.Value!.Split('/');
            var issue = words
                .Select(static word => int.TryParse(word, CultureInfo.InvariantCulture, out var one) ? one : 0)
                .Max();
            JsonNode? answer = (http.Request.Method, issue) switch
            {
                ("GET", 0) => List(Issues.Where(static one => one.Value.IsOpen), one => Item(one.Key, one.Value.Text)),
                ("GET", _) => List(
                    Comments.Where(one => one.Issue == issue),
                    static one => new JsonObject { ["body"] = one.Text }
                ),
                ("POST", 0) => Open(JsonNode.Parse(body)![text]!.GetValue<string>()),
                ("POST", _) => Say(issue, JsonNode.Parse(body)!["body"]!.GetValue<string>()),
                _ => RefusesToClose ? null : Close(issue),
            };
            http.Response.StatusCode = answer is null ? 503 : 200;
            await http.Response.WriteAsync(answer?.ToJsonString() ?? "not now", http.RequestAborted);
        }

        private static JsonArray List<T>(IEnumerable<T> all, Func<T, JsonNode> item) => new([.. all.Select(item)]);

        private JsonObject Item(int issue, string said) => new() { [number] = issue, [text] = said };

        private JsonObject Open(string said)
        {
            Issues[Issues.Count + 1] = (said, true);
            return new();
        }

        private JsonObject Say(int issue, string said)
        {
            Comments.Enqueue((issue, said));
            return new();
        }

        private JsonObject Close(int issue)
        {
            Issues[issue] = Issues[issue] with { IsOpen = false };
            return new();
        }
    }
}
