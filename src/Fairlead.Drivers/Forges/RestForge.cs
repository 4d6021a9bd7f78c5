using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Forges;

/// <summary>Opens forges, each with connections that go no further than they may.</summary>
public sealed class AllForges(World world) : IForges, IDisposable
{
    private readonly HttpClient outside = Client(AddressKind.Public);
    private readonly HttpClient inside = Client(AddressKind.Inside);

    public IForge Open(ForgeAddress address, bool isInside, Secret token) =>
        new RestForge(address, DialectOf(address), (isInside ? inside : outside, token), world);

    public void Dispose()
    {
        outside.Dispose();
        inside.Dispose();
    }

    internal static IForgeDialect DialectOf(ForgeAddress address) =>
        address.Kind switch
        {
            ForgeKind.GitHub => new GitHubDialect(address.Repository),
            ForgeKind.GitLab => new GitLabDialect(address.Repository),
            _ => new GiteaDialect(address.Repository),
        };

    private static HttpClient Client(AddressKind most) =>
        new(OutboundGuard.Handler(most)) { Timeout = Timeout.InfiniteTimeSpan };
}

/// <summary>A forge that is spoken to by HTTP and JSON.</summary>
internal sealed class RestForge(
    ForgeAddress address,
    IForgeDialect dialect,
    (HttpClient Http, Secret Token) with,
    World world
) : IForge
{
    private const int AnswerBytesMax = 4 << 20;
    private const int PagesMax = 10;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    public async Task<int?> ChangeOfAsync(string branch, CancellationToken stop) =>
        dialect.ReadChange((await AskAsync(dialect.OpenChanges(branch), welcome: null, stop)).Body, branch);

    public async Task<bool> IsOpenAsync(int change, CancellationToken stop)
    {
        var (status, body) = await AskAsync(dialect.Change(change), HttpStatusCode.NotFound, stop);
        return status is not HttpStatusCode.NotFound && dialect.ReadIsOpen(body);
    }

    public async Task CommentAsync(int change, string mark, string text, CancellationToken stop)
    {
        var mine = await FindAsync(change, mark, stop);
        var whole = $"{mark}\n{text}";
        if (mine is not { } known)
        {
            await AskAsync(dialect.AddComment(change, whole), welcome: null, stop);
        }
        else if (known.Text != whole)
        {
            await AskAsync(dialect.EditComment(change, known.Id, whole), welcome: null, stop);
        }
    }

    public async Task StatusAsync(string commit, ForgeStatus status, CancellationToken stop) =>
        await AskAsync(dialect.Status(commit, status), welcome: null, stop);

    private async Task<(long Id, string Text)?> FindAsync(int change, string mark, CancellationToken stop)
    {
        long before = 0;
        for (var page = 1; page <= PagesMax; page++)
        {
            var comments =
                (await AskAsync(dialect.Comments(change, page), welcome: null, stop)).Body as JsonArray ?? [];
            foreach (var comment in comments)
            {
                if (
                    comment.Text("body") is { } body
                    && body.StartsWith(mark, StringComparison.Ordinal)
                    && comment.Long("id") is { } id
                )
                {
                    // Some put it away with the line ends of forms.
                    return (id, body.ReplaceLineEndings("\n"));
                }
            }
            // One that knows no pages says the same again.
            if (comments is not [var first, ..] || first.Long("id") is not { } begins || begins == before)
            {
                return null;
            }
            before = begins;
        }
        return null;
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(
        ForgeCall call,
        HttpStatusCode? welcome,
        CancellationToken stop
    )
    {
        using var limit = new CancellationTokenSource(AnswerMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        using var request = Request(call);
        try
        {
            using var answer = await with.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await BoundedBody.ReadAsync(answer.Content, AnswerBytesMax, both.Token);
            return
                answer.IsSuccessStatusCode
                || answer.StatusCode == welcome
                || dialect.IsDoneAlready((int)answer.StatusCode, Encoding.UTF8.GetString(body))
                ? (answer.StatusCode, Answers.Read(body))
                : throw new ProblemException(Refused(call, answer.StatusCode, Answers.Read(body).Text("message")));
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(Unreachable(caught.Message), caught);
        }
        catch (OperationCanceledException caught) when (limit.IsCancellationRequested)
        {
            throw new ProblemException(Unreachable($"It did not answer within {AnswerMax.TotalSeconds:0} s."), caught);
        }
    }

    private HttpRequestMessage Request(ForgeCall call)
    {
        var request = new HttpRequestMessage(
            call.Method,
            new Uri($"{address.Api.ToString().TrimEnd('/')}/{call.Path}")
        );
        var (name, value) = dialect.Showing(with.Token.Reveal());
        request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "fairlead");
        if (call.Body is { } body)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }
        return request;
    }

    private Problem Refused(ForgeCall call, HttpStatusCode status, string? message) =>
        new(
            "forge.refused",
            What: $"{address.Api.Host} refused what was told of {address.Repository}.",
            Why: $"It answered {(int)status} to {call.Method} {call.Path.Split('?')[0]}{(message is null ? "" : $": {Plain(message)}")}.",
            Fix: "See that the token may write comments and statuses of this repository, and that its name is right: fairlead source list"
        )
        {
            Trouble = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? Trouble.NotAllowed
                : Trouble.Failed,
        };

    private Problem Unreachable(string why) =>
        new(
            "forge.unreachable",
            What: $"{address.Api.Host} cannot be told of {address.Repository}.",
            Why: why,
            Fix: "It is tried again; deployments do not wait for it."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private static string Plain(string text) => string.Concat(text.Where(static one => !char.IsControl(one)).Take(200));
}
