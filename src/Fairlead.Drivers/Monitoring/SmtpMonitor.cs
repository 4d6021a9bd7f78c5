using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Greets a mail server (RFC 5321), goes on by TLS where it offers that (RFC 3207), and takes its leave: <c>smtp://mail.example.com</c>,
/// or <c>smtps:</c> for TLS from the first byte.
/// </summary>
internal sealed class SmtpMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int UsualPort = 25;
    private const int UsualTlsPort = 465;
    private const int LineBytesMax = 2048;
    private const int LinesMax = 100;

    public IReadOnlyList<string> Ways { get; } = ["smtp", "smtps"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url, sight) = (new LookNotes(world, spec), new Uri(spec.Url), new TlsSight(spec.Verify));
        var isTls = url.Scheme is "smtps";
        try
        {
            // Uri knows 25 as the port of mailto alone.
            var port =
                url.Port > 0 ? url.Port
                : isTls ? UsualTlsPort
                : UsualPort;
            await using var tcp = await dialer.TcpAsync(url.Host, port, notes, stop);
            Stream stream = tcp;
            await using var first = isTls ? await sight.SecureAsync(tcp, url.Host, notes, stop) : null;
            stream = first ?? stream;
            var greeting = await AnswerAsync(stream, 220, stop);
            var offers = await SayAsync(stream, "EHLO fairlead.invalid", 250, stop);
            var offersTls = !isTls && offers.Any(one => one.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase));
            if (offersTls)
            {
                _ = await SayAsync(stream, "STARTTLS", 220, stop);
            }
            await using var second = offersTls ? await sight.SecureAsync(stream, url.Host, notes, stop) : null;
            stream = second ?? stream;
            _ = await SayAsync(stream, "QUIT", 221, stop);
            return sight.TooNear(spec.Expect?.TlsDays, world.Now) is { } near ? notes.Down(near)
                : HttpJudge.TextFault(spec.Expect ?? new(), string.Join('\n', greeting)) is { } fault
                    ? notes.Down(fault)
                : spec.Expect?.TlsDays is not null && sight.EarliestEnd is null
                    ? notes.Down("It offers no TLS, so there is no certificate.")
                : notes.Up(sight.EarliestEnd is null ? "It greets, without TLS." : "It greets, and speaks TLS.");
        }
        catch (Exception caught) when (caught is UnreachedException or IOException)
        {
            return notes.Down(caught.Message);
        }
    }

    private static async Task<IReadOnlyList<string>> SayAsync(
        Stream stream,
        string line,
        int wanted,
        CancellationToken stop
    )
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);
        return await AnswerAsync(stream, wanted, stop);
    }

    // 250-mail.example.com
    // 250-STARTTLS
    // 250 SMTPUTF8
    private static async Task<IReadOnlyList<string>> AnswerAsync(Stream stream, int wanted, CancellationToken stop)
    {
        List<string> lines = [];
        while (true)
        {
            var line = await LineAsync(stream, stop);
            if (
                line.Length < 3
                || !int.TryParse(
                    line.AsSpan(0, 3),
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var code
                )
                || lines.Count >= LinesMax
            )
            {
                throw new UnreachedException("It does not answer as a mail server does.");
            }
            if (code != wanted)
            {
                throw new UnreachedException($"It answers: {Shown(line)}");
            }
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
            {
                return lines;
            }
        }
    }

    private static async Task<string> LineAsync(Stream stream, CancellationToken stop)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line is not [.., (byte)'\n'])
        {
            if (line.Count >= LineBytesMax || await stream.ReadAsync(one, stop) == 0)
            {
                throw new UnreachedException(
                    line.Count >= LineBytesMax ? "A line of its answer does not end." : "It ends the connection."
                );
            }
            line.Add(one[0]);
        }
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
    }

    private static string Shown(string line) =>
        string.Concat(line.Take(120).Select(letter => char.IsControl(letter) ? ' ' : letter));
}
