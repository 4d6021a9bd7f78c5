using System.Globalization;
using System.Text;
using Fairlead.Drivers.Telemetry.Scraping;

namespace Fairlead.Drivers.Probes;

/// <summary>What Redis and Valkey speak: RESP 2 (redis.io/docs/latest/develop/reference/protocol-spec).</summary>
internal static class RedisWire
{
    private const int LineBytesMax = 8 * 1024;
    private const int ItemsMax = 10_000;
    private const int DepthMax = 8;

    /// <summary>By TLS where the address begins with <c>rediss</c>, and with its login where it has one.</summary>
    public static async Task SignInAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        if (address.Scheme == "rediss")
        {
            await connection.UseTlsAsync(address.Host, stop);
        }
        var (user, password) = TargetAddress.LoginOf(address);
        if (password.Length > 0)
        {
            string[] login = user.Length == 0 ? ["AUTH", password] : ["AUTH", user, password];
            await CallAsync(connection, login, stop);
        }
    }

    /// <summary>Sends a command as an array of texts.</summary>
    /// <returns>A text, a number, a list of such, or null where it says that there is nothing.</returns>
    public static async Task<object?> CallAsync(ServiceConnection connection, string[] words, CancellationToken stop)
    {
        var sent = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
        {
            sent.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }
        await connection.WriteAsync(Encoding.UTF8.GetBytes(sent.ToString()), stop);
        return await AnswerAsync(connection, words[0], DepthMax, stop);
    }

    // +OK, -ERR why, :3, $5 with a text, *2 with so many answers; $-1 and *-1 are nothing.
    private static async Task<object?> AnswerAsync(
        ServiceConnection connection,
        string command,
        int depth,
        CancellationToken stop
    )
    {
        var line = await LineAsync(connection, stop);
        switch (line)
        {
            case "$-1" or "*-1":
                return null;
            case ['+', .. var said]:
                return said;
            case ['-', .. var why]:
                throw Refused(why, command);
            case [':', .. var digits]
                when long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case ['$', .. var length]
                when long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                var text = await connection.ReadAsync(count + 2, stop);
                return Encoding.UTF8.GetString(text.AsSpan(0, text.Length - 2));
            case ['*', .. var length]
                when int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count <= ItemsMax
                    && depth > 0:
                var items = new List<object?>();
                for (var at = 0; at < count; at++)
                {
                    items.Add(await AnswerAsync(connection, command, depth - 1, stop));
                }
                return items;
            default:
                throw new NotUnderstoodException("Its answer does not begin as Redis's do.");
        }
    }

    private static Exception Refused(string why, string command) =>
        why.StartsWith("NOAUTH", StringComparison.Ordinal)
        || why.StartsWith("WRONGPASS", StringComparison.Ordinal)
        || why.StartsWith("NOPERM", StringComparison.Ordinal)
        || command is "AUTH"
            ? new LoginRefusedException(why)
            : new NotUnderstoodException(why);

    private static async Task<string> LineAsync(ServiceConnection connection, CancellationToken stop)
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            if (line.Count > LineBytesMax)
            {
                throw new NotUnderstoodException("A line of its answer does not end.");
            }
            line.AddRange(await connection.ReadAsync(1, stop));
        }
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
    }
}
