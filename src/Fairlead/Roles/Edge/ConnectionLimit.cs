using System.Globalization;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Lets in as many connections as the process can hold, and says 503 to those beyond. Without it, the operating system's limit
/// ends in an edge that accepts nobody and reaches no app.
/// </summary>
/// <param name="most">At least 1.</param>
internal sealed class ConnectionLimit(int most, ILogger log)
{
    // A client's connection takes a second descriptor towards the app; the rest is for files, logs and orders.
    private const int DescriptorsEach = 2;
    private const int Spare = 256;
    private const int WhereUnknown = 10_000;

    private static readonly ReadOnlyMemory<byte> Full =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 35\r\nRetry-After: 5\r\nConnection: close\r\n\r\nToo many connections are open now.\n"u8.ToArray();

    private int inside;
    private int isFull;

    /// <summary>What this process's open files allow.</summary>
    public static int OfThisProcess()
    {
        const string Limits = "/proc/self/limits";
        var line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            : null;
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files)
            ? (int)Math.Clamp((files - Spare) / DescriptorsEach, 1, int.MaxValue)
            : WhereUnknown;
    }

    /// <summary>Counts a connection as long as it lives; one too many is answered and closed.</summary>
    /// <param name="speaksTls">Nothing can be said to it before a handshake, so it is closed without a word.</param>
    public ConnectionDelegate Watch(ConnectionDelegate next, bool speaksTls) =>
        async connection =>
        {
            try
            {
                if (Interlocked.Increment(ref inside) <= most)
                {
                    isFull = 0;
                    await next(connection);
                    return;
                }
                if (Interlocked.Exchange(ref isFull, 1) == 0)
                {
                    log.TooManyConnections(most);
                }
                if (!speaksTls)
                {
                    await connection.Transport.Output.WriteAsync(Full, CancellationToken.None);
                }
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        };
}
