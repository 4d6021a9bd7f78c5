using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Sends a request to a replica over HTTP/1.1, and its answer back to the client, both as streams.</summary>
/// <remarks>
/// Ours, and no <see cref="HttpClient"/>, because an edge is made of this: a fraction of the work a request, fields passed byte by
/// byte, and an exact word on what failed and who may try again.
/// </remarks>
internal sealed class Exchange(World world)
{
    // A client that asks first may go on when the app says nothing (RFC 9110, section 10.1.1).
    private static readonly TimeSpan ContinueMax = TimeSpan.FromSeconds(1);

    private readonly TimeProvider clock = world.Clock;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Sent> SendAsync(Trip trip, UpstreamPool pool, CancellationToken stop)
    {
        var aborted = trip.Aborted;
        var connection = pool.TryTake();
        if (connection is null)
        {
            try
            {
                connection = await pool.ConnectAsync(world, aborted);
            }
            catch (Exception caught) when (caught is SocketException or OperationCanceledException)
            {
                return aborted.IsCancellationRequested ? Sent.ClientGone : Sent.Unreached;
            }
        }
        connection.QuietSince = clock.GetTimestamp();
        var isWhole = false;
        try
        {
            // One end of the line ends the other: the client's by going, ours by an order.
            using var gone = aborted.UnsafeRegister(End, connection);
            using var cut = trip.Upgrade is null ? trip.Cut.UnsafeRegister(End, connection) : default;
            var sent = await SendAsync(trip, connection, stop);
            isWhole = sent is Sent.Whole && connection.IsReusable;
            return sent;
        }
        finally
        {
            pool.Return(connection, isWhole, clock.GetTimestamp());
        }
    }

    private static void End(object? connection) => ((UpstreamConnection)connection!).Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Sent> SendAsync(Trip trip, UpstreamConnection connection, CancellationToken stop)
    {
        var framing = BodyFraming.Of(trip.Http);
        if (!RequestHead.TryWrite(connection.Output, trip, framing))
        {
            trip.Refusal = StatusCodes.Status400BadRequest;
            return Sent.ClientGone;
        }
        Upload? upload = null;
        try
        {
            await connection.SendAsync(connection.Output.Written, stop);
            Task? rest = null;
            if (framing is { HasBody: true, AsksFirst: true })
            {
                rest = await AnswerReader.MayGoOnAsync(connection, ContinueMax, clock, stop);
            }
            if (framing.HasBody && (rest is not null || !framing.AsksFirst))
            {
                upload = Upload.Start(trip, connection, framing.IsChunked, clock, stop);
            }
            if (rest is not null)
            {
                await rest;
            }
            else if (!framing.AsksFirst)
            {
                await AnswerReader.ReadHeadAsync(connection, untilContinue: false, stop);
            }
            if (connection.Head.Status == StatusCodes.Status101SwitchingProtocols)
            {
                return await SwitchAsync(trip, connection, stop);
            }
            connection.IsReusable = connection.Head.KeepsAlive;
            return await DeliverAsync(trip, connection, stop) ? Sent.Whole : Sent.ClientGone;
        }
        catch (Exception caught)
            when (caught is IOException or SocketException or ObjectDisposedException or BadAnswerException)
        {
            return await ExplainAsync(trip, connection, upload, caught, stop);
        }
        finally
        {
            if (framing.HasBody)
            {
                connection.IsReusable &= upload is { IsWhole: true };
                await (upload?.StopAsync(stop) ?? Task.CompletedTask);
            }
        }
    }

    private async ValueTask<bool> DeliverAsync(Trip trip, UpstreamConnection connection, CancellationToken stop)
    {
        using var cut = trip.Upgrade is null ? default : trip.Cut.UnsafeRegister(End, connection);
        var response = trip.Http.Response;
        var head = connection.Head;
        response.StatusCode = head.Status;
        var isEmpty = head.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent;
        Copy(head.Fields, response.Headers);
        if (head.ContentLength is { } length && !isEmpty)
        {
            response.ContentLength = length;
        }
        trip.Answered();
        var isBodiless =
            isEmpty || head.Status == StatusCodes.Status304NotModified || HttpMethods.IsHead(trip.Http.Request.Method);
        if (!isBodiless && head is { ContentLength: null, IsChunked: false })
        {
            connection.IsReusable = false; // The body ends with the connection.
        }
        return await new Download(trip.Http, connection, clock).CopyAsync(isBodiless, stop);
    }

    private async ValueTask<Sent> SwitchAsync(Trip trip, UpstreamConnection connection, CancellationToken stop)
    {
        if (trip.Upgrade is null || connection.Head.Upgrade is null)
        {
            throw new BadAnswerException("It switches to a protocol that nobody asked for.");
        }
        Copy(connection.Head.Fields, trip.Http.Response.Headers);
        trip.Answered();
        var polite = new PoliteUpgrade(trip.Http, connection.Head.Upgrade);
        using var cut = trip.Cut.UnsafeRegister(_ => _ = LeaveAsync(stop), state: null);
        await new Tunnel(await polite.UpgradeAsync(stop), connection, clock).RunAsync(stop);
        return trip.Cut.IsCancellationRequested ? Sent.Broken : Sent.Whole;

        async Task LeaveAsync(CancellationToken stop)
        {
            await polite.SayGoodbyeAsync(clock, stop);
            connection.Dispose();
        }
    }

    private static void Copy(IReadOnlyList<Field> fields, IHeaderDictionary to)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var (name, value) = fields[i];
            if (IsRepeated(fields, i))
            {
                to.Append(name, value);
            }
            else
            {
                to[name] = value;
            }
        }
    }

    private static bool IsRepeated(IReadOnlyList<Field> fields, int at)
    {
        var name = fields[at].Name;
        for (var i = 0; i < at; i++)
        {
            if (fields[i].Name.Length == name.Length && fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static async ValueTask<Sent> ExplainAsync(
        Trip trip,
        UpstreamConnection connection,
        Upload? upload,
        Exception caught,
        CancellationToken stop
    )
    {
        connection.Dispose();
        await (upload?.StopAsync(stop) ?? Task.CompletedTask);
        if (upload is { HasClientFailed: true })
        {
            trip.Refusal = upload.ClientStatus;
            return Sent.ClientGone;
        }
        return trip.Aborted.IsCancellationRequested ? Sent.ClientGone
            : connection.IsLate ? Sent.Late
            : trip.HasAnswer ? Sent.Broken
            : caught is BadAnswerException ? Sent.BadAnswer
            : Sent.NoAnswer;
    }
}
