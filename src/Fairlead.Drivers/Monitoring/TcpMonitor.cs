using System.Globalization;
using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Connects; says something where that is wanted, and reads until what is expected is there.</summary>
internal sealed class TcpMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int TextBytesMax = 64 * 1024;

    public IReadOnlyList<string> Ways { get; } = ["tcp"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        try
        {
            await using var stream = await dialer.TcpAsync(url.Host, url.Port, notes, stop);
            if (spec.Request?.Send is { } send)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(send), stop);
            }
            return spec.Expect is { } expect && (expect.Body ?? expect.Matches) is not null
                ? await ReadAsync(stream, expect, notes, stop)
                : notes.Up(string.Create(CultureInfo.InvariantCulture, $"Port {url.Port} is open."));
        }
        catch (Exception caught) when (caught is UnreachedException or IOException)
        {
            return notes.Down(caught.Message);
        }
    }

    private static async Task<MonitorLook> ReadAsync(
        Stream stream,
        MonitorExpect expect,
        LookNotes notes,
        CancellationToken stop
    )
    {
        using var read = new MemoryStream();
        var buffer = new byte[4096];
        string? fault = "It says nothing.";
        for (int count; (count = await stream.ReadAsync(buffer, stop)) > 0 && read.Length < TextBytesMax; )
        {
            read.Write(buffer, 0, count);
            fault = HttpJudge.TextFault(expect, Encoding.UTF8.GetString(read.ToArray()));
            if (fault is null)
            {
                return notes.Up("It says what is expected.");
            }
        }
        return notes.Down(fault);
    }
}
