namespace Fairlead.Roles.Edge.Perimeter;

/// <summary>Turns away who is kept out, and notes who scans. Asked once it is known who the client is.</summary>
internal sealed class PerimeterGuard(BlockShelf blocks, SuspectBook suspects) : IGuard
{
    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        if (trip.Door is Door.Internal)
        {
            return ValueTask.FromResult(false);
        }
        var client = trip.Http.Connection.RemoteIpAddress;
        suspects.Count(client);
        if (ScannerPaths.IsOdd(trip.Path))
        {
            Watch(trip.Http);
        }
        return blocks.Has(client) ? RefuseAsync(trip, stop) : ValueTask.FromResult(false);
    }

    // An app that has such a path answers it: then it is no scan.
    private void Watch(HttpContext http) =>
        http.Response.OnCompleted(
            static state =>
            {
                var (http, suspects) = ((HttpContext, SuspectBook))state;
                if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
                {
                    suspects.Add(http.Connection.RemoteIpAddress, http.Request.Path.Value ?? "");
                }
                return Task.CompletedTask;
            },
            (http, suspects)
        );

    private static async ValueTask<bool> RefuseAsync(Trip trip, CancellationToken stop)
    {
        await Answers.WriteAsync(trip.Http, StatusCodes.Status403Forbidden, "Your network may not come here.", stop);
        return true;
    }
}
