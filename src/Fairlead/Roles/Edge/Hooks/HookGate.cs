using System.Net.Sockets;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.Hooks;

namespace Fairlead.Roles.Edge.Hooks;

/// <summary>
/// Lets webhooks of git repositories through to the server, which alone can prove them: POST /.fairlead/hooks/NAME of any host, because it
/// is the edge that the world can reach. Only so many at once, each only so large.
/// </summary>
internal sealed class HookGate(StateFolder state, TimeProvider clock) : IGuard, IDisposable
{
    private const string Folder = "/.fairlead/hooks/";
    private const int AtOnceMax = 4;
    private const int NameLettersMax = 40;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim room = new(AtOnceMax);
    private readonly HttpClient server = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = AnswerMax,
            ConnectCallback = (_, stop) => ConnectAsync(state, stop),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop) =>
        trip.Door is Door.Public
        && trip.Path.StartsWith(Folder, StringComparison.Ordinal)
        && HttpMethods.IsPost(trip.Http.Request.Method)
            ? AnswerAsync(trip, trip.Aborted)
            : ValueTask.FromResult(false);

    public void Dispose()
    {
        server.Dispose();
        room.Dispose();
    }

    private async ValueTask<bool> AnswerAsync(Trip trip, CancellationToken stop)
    {
        var (request, response) = (trip.Http.Request, trip.Http.Response);
        response.Headers.CacheControl = "no-store";
        var name = trip.Path[Folder.Length..];
        response.StatusCode =
            !Model.Apps.Site.IsName(name) || name.Length > NameLettersMax ? StatusCodes.Status404NotFound
            : request.ContentLength is not { } length ? StatusCodes.Status411LengthRequired
            : length > HookDesk.BodyBytesMax ? StatusCodes.Status413PayloadTooLarge
            : await room.WaitAsync(TimeSpan.Zero, stop) ? await PassAsync(request, name, (int)length, stop)
            : StatusCodes.Status429TooManyRequests;
        return true;
    }

    // Whoever sent it tries again, or polling finds what it told of: nothing is kept here.
    private async Task<int> PassAsync(HttpRequest from, string name, int length, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var body = new byte[length];
            await from.Body.ReadExactlyAsync(body, both.Token);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://server/hooks/{name}")
            {
                Content = new ByteArrayContent(body),
            };
            foreach (var header in HookProof.Headers)
            {
                if (from.Headers.TryGetValue(header, out var values))
                {
                    request.Headers.TryAddWithoutValidation(header, values.ToString());
                }
            }
            using var answer = await server.SendAsync(request, both.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException or OperationCanceledException)
        {
            return StatusCodes.Status503ServiceUnavailable;
        }
        finally
        {
            room.Release();
        }
    }

    private static async ValueTask<Stream> ConnectAsync(StateFolder state, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(state.Socket("server")), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
