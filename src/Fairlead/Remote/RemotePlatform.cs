using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Sources;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Sent = Fairlead.Engine.Operations.Sent;

namespace Fairlead.Remote;

/// <summary>What a command needs of its own machine to ask a server elsewhere.</summary>
/// <param name="State">The own state folder, absolute: only notes of faults are kept there.</param>
/// <param name="Scopes">What the manifest of a folder names.</param>
internal sealed record RemoteContext(
    Uri Server,
    JobIdentity Identity,
    string State,
    Func<string, IReadOnlyList<string>> Scopes,
    World World
)
{
    /// <summary>Asked as an agent of this name; null for as who one is.</summary>
    public string? Agent { get; init; }
}

/// <summary>The platform of a server elsewhere, asked at its address with a token; folders are sent to it.</summary>
internal sealed class RemotePlatform(RemoteContext context) : IPlatform
{
    private const int AnswerBytesMax = 64 << 20;
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan SendMax = TimeSpan.FromMinutes(30);

    // Some CI systems' tokens are good for five minutes; what lasts longer than this shows one of the server's own.
    private static readonly TimeSpan JobTokenMax = TimeSpan.FromMinutes(1);

    private Shown? shown;
    private DateTimeOffset shownSince;

    public string Folder => context.State;

    /// <summary>The address of a server, as it was said.</summary>
    /// <exception cref="ProblemException">Tokens would cross a network unsealed, or it is none.</exception>
    public static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { UserInfo.Length: 0, PathAndQuery: "/", Fragment.Length: 0 }
        && (url.Scheme is "https" || (url.Scheme is "http" && url.IsLoopback))
            ? url
            : throw new ProblemException(BadAddress());

    public async Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{operation}")
        {
            Content = JsonContent.Create(input),
        };
        var limit = AllOperations.AnswerMaxOf(operation);
        using var answer = await SendAsync(request, limit > AskMax ? limit : AskMax, stop);
        await ThrowIfRefusedAsync(answer, stop);
        return await ReadAsync<JsonNode>(answer, stop) ?? throw new ProblemException(Strange(answer));
    }

    /// <summary>There is nothing to start: the server is somebody else's.</summary>
    public Task StartAsync(Action<string> progress, CancellationToken stop) => Task.CompletedTask;

    public async Task<string> BringAsync(string folder, Sent sent, Action<string> progress, CancellationToken stop)
    {
        if (sent is Sent.Never)
        {
            // The server says what it thinks of it.
            return folder;
        }
        var pack = new SourcePack(folder, sent is Sent.Whole ? null : context.Scopes(folder));
        var file = Path.Combine(Path.GetTempPath(), $"fairlead-{context.World.NewId()}.tar.gz");
        await using var archive = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        var (digest, entries) = await pack.WriteAsync(archive, stop);
        if (!await HasAsync(digest, stop))
        {
            progress(
                $"sending {entries} files, {Math.Max(1, archive.Length >> 10)} KiB, to {context.Server.Authority}"
            );
            archive.Position = 0;
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/uploads/{digest}")
            {
                Content = new StreamContent(archive) { Headers = { ContentType = new("application/gzip") } },
            };
            using var answer = await SendAsync(request, SendMax, stop);
            await ThrowIfRefusedAsync(answer, stop);
        }
        return $"upload:{digest}";
    }

    private async Task<bool> HasAsync(string digest, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/uploads/{digest}");
        using var answer = await SendAsync(request, AskMax, stop);
        // Why somebody is refused is in no answer to HEAD; it is in that to what comes next.
        return answer.StatusCode is HttpStatusCode.NoContent;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        var token = await TokenAsync(stop);
        return await SendAsync(request, token, limit, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        string token,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        // A redirect would take the token to somebody else.
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
        };
        using var http = new HttpClient(handler)
        {
            BaseAddress = context.Server,
            Timeout = limit,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        if (context.Agent is { } agent)
        {
            request.Headers.Add(Wire.AgentHeader, agent);
        }
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await http.SendAsync(request, stop);
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(Unreachable(caught), caught);
        }
        catch (TaskCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(Unreachable(caught), caught);
        }
    }

    // RFC 6761: names below localhost are this machine, and not every resolver knows it.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext to, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint place = to.DnsEndPoint.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                ? new IPEndPoint(IPAddress.Loopback, to.DnsEndPoint.Port)
                : to.DnsEndPoint;
            await socket.ConnectAsync(place, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<string> TokenAsync(CancellationToken stop)
    {
        var now = context.World.Now;
        if (shown is null)
        {
            (shown, shownSince) = (await context.Identity.FindAsync(stop), now);
        }
        else if (shown.IsOfJob && now - shownSince > JobTokenMax)
        {
            shown = new(await ExchangeAsync(shown.Token, stop), IsOfJob: false);
        }
        return shown.Token;
    }

    /// <summary>One of the server's own, for as long as a deployment may be followed.</summary>
    private async Task<string> ExchangeAsync(string token, CancellationToken stop)
    {
        var input = new JsonObject { ["name"] = "a job that takes longer", ["expires"] = "1h" };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/token.create")
        {
            Content = JsonContent.Create(input),
        };
        using var answer = await SendAsync(request, token, AskMax, stop);
        await ThrowIfRefusedAsync(answer, stop);
        var made = await ReadAsync<JsonObject>(answer, stop);
        return made?["token"]?.GetValue<string>() ?? throw new ProblemException(Strange(answer));
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }
        var refusal = await ReadAsync<Refusal>(answer, stop);
        throw new ProblemException(refusal?.Problems is { Count: > 0 } problems ? problems : [Strange(answer)]);
    }

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage answer, CancellationToken stop)
        where T : class
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(Wire.Json, stop);
        }
        catch (Exception caught) when (caught is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Problem BadAddress() =>
        new(
            "remote.bad-address",
            What: "--server, or FAIRLEAD_SERVER, is no address of a server.",
            Why: "It needs https, as a token would cross the network unsealed, and has no path and no password.",
            Fix: "Such as --server https://fairlead.example.com, or http://127.0.0.1:8077 through a tunnel."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private Problem Unreachable(Exception caught) =>
        new(
            "remote.unreachable",
            What: $"The server at {context.Server.Authority} does not answer.",
            Why: caught.GetBaseException().Message,
            Fix: "Check the address, and on the server: fairlead address show. A certificate of its own authority: SSL_CERT_FILE=fairlead-root.pem"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private Problem Strange(HttpResponseMessage answer) =>
        new(
            "remote.strange-answer",
            What: $"What answers at {context.Server.Authority} is no Fairlead, or not now.",
            Why: $"It answered {(int)answer.StatusCode} ({answer.Content.Headers.ContentType?.MediaType ?? "without a type"}) to {answer.RequestMessage?.RequestUri?.AbsolutePath}.",
            Fix: "Check the address, and on the server: fairlead address show"
        )
        {
            Trouble = (int)answer.StatusCode >= 500 ? Trouble.Unreachable : Trouble.Failed,
        };
}
