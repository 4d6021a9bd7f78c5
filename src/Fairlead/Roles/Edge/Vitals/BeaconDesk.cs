namespace Fairlead.Roles.Edge.Vitals;

/// <summary>
/// Answers a site's pages under <c>/.fairlead/</c>: gives them the script that measures, and takes what it sends. Who asks not to
/// be watched, and who is no person, is answered the same and forgotten.
/// </summary>
internal sealed class BeaconDesk(Switchboard board, BeaconPost post) : IGuard
{
    private const string Folder = "/.fairlead/";
    public const int VitalsBytesMax = 4 << 10;
    public const int ErrorsBytesMax = 1 << 20;

    private readonly VitalsScript script = new();

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop) =>
        trip.Door is Door.Public && trip.Path.StartsWith(Folder, StringComparison.Ordinal)
            ? AnswerAsync(trip, trip.Aborted)
            : ValueTask.FromResult(false);

    private async ValueTask<bool> AnswerAsync(Trip trip, CancellationToken stop)
    {
        var method = trip.Http.Request.Method;
        switch (trip.Path[Folder.Length..])
        {
            case "vitals.js" when HttpMethods.IsGet(method) || HttpMethods.IsHead(method):
                await script.WriteAsync(trip.Http, stop);
                return true;
            case "vitals" when HttpMethods.IsPost(method):
                await TakeAsync(trip, BeaconKind.Vitals, VitalsBytesMax, stop);
                return true;
            case "errors" when HttpMethods.IsPost(method):
                await TakeAsync(trip, BeaconKind.Errors, ErrorsBytesMax, stop);
                return true;
            default:
                return false;
        }
    }

    private async Task TakeAsync(Trip trip, BeaconKind kind, int bytesMax, CancellationToken stop)
    {
        var (request, response) = (trip.Http.Request, trip.Http.Response);
        response.Headers.CacheControl = "no-store";
        if (request.ContentLength is not { } length || length > bytesMax)
        {
            response.StatusCode = request.ContentLength is null
                ? StatusCodes.Status411LengthRequired
                : StatusCodes.Status413PayloadTooLarge;
            return;
        }
        response.StatusCode = StatusCodes.Status204NoContent;
        if (board.Table.FindHost(trip.Host) is not { } host)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!IsWelcome(request, kind) || !post.HasRoom((int)length))
        {
            return;
        }
        var body = new byte[(int)length];
        try
        {
            await request.Body.ReadExactlyAsync(body, stop);
        }
        catch (Exception caught) when (caught is IOException or OperationCanceledException)
        {
            post.GiveBack(body.Length);
            return;
        }
        post.Send(new(kind, host, body));
    }

    // Errors are the app's own business, which its library decides; what is measured for us is not taken from who does not want it.
    private static bool IsWelcome(HttpRequest request, BeaconKind kind) =>
        request.Headers["Sec-Fetch-Site"] != "cross-site"
        && (
            kind is BeaconKind.Errors
            || (
                request.Headers["DNT"] != "1"
                && request.Headers["Sec-GPC"] != "1"
                && !Bots.Is(request.Headers.UserAgent.ToString())
            )
        );
}
