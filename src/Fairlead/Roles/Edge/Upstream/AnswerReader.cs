using System.Runtime.CompilerServices;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Waits for heads of answers on a connection.</summary>
internal static class AnswerReader
{
    private const int InterimMax = 20;
    private const int Continue = StatusCodes.Status100Continue;

    /// <summary>Reads the final head, past interim ones, which HTTP lets a proxy keep to itself.</summary>
    /// <param name="untilContinue">Stops also at 100 (Continue).</param>
    /// <exception cref="BadAnswerException">No head comes.</exception>
    /// <exception cref="EndOfStreamException">The app hung up first.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask ReadHeadAsync(
        UpstreamConnection connection,
        bool untilContinue,
        CancellationToken stop
    )
    {
        for (var interim = 0; interim < InterimMax; interim++)
        {
            while (!TryRead(connection))
            {
                if (!await connection.FillAsync(stop))
                {
                    throw new EndOfStreamException();
                }
            }
            var status = connection.Head.Status;
            if (
                status is >= StatusCodes.Status200OK or StatusCodes.Status101SwitchingProtocols
                || (untilContinue && status == Continue)
            )
            {
                return;
            }
        }
        throw new BadAnswerException("There is no end of interim answers.");
    }

    /// <summary>Whether a client that asks first may go on, once the app says so, answers at once, or says nothing.</summary>
    /// <returns>The rest of reading the head, when the body is to be sent meanwhile; null when the head is final.</returns>
    public static async ValueTask<Task?> MayGoOnAsync(
        UpstreamConnection connection,
        TimeSpan patience,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var first = ReadHeadAsync(connection, untilContinue: true, stop).AsTask();
        try
        {
            await first.WaitAsync(patience, clock, stop);
        }
        catch (TimeoutException)
        {
            return RestAsync(connection, first, stop);
        }
        return connection.Head.Status == Continue
            ? ReadHeadAsync(connection, untilContinue: false, stop).AsTask()
            : null;
    }

    private static async Task RestAsync(UpstreamConnection connection, Task first, CancellationToken stop)
    {
        await first;
        if (connection.Head.Status == Continue)
        {
            await ReadHeadAsync(connection, untilContinue: false, stop);
        }
    }

    private static bool TryRead(UpstreamConnection connection)
    {
        var input = connection.Input;
        var end = input.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }
        connection.Head.Read(input[..(end + 4)]);
        connection.Consume(end + 4);
        return true;
    }
}
