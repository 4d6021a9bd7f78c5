using System.Text.Json;
using Fairlead.Drivers.Formats;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>
/// Takes what Fairlead's script for pages sends, one beacon on each line:
/// <code>{"p":"/cart/7","d":"mobile","e":1,"v":{"LCP":1832.5,"CLS":0.02,"INP":96}}</code>
/// The edge stamps and sends those of its sites; a page elsewhere sends its own, with a key.
/// </summary>
public sealed class VitalsIntake(IVitalInbox inbox) : IIntake
{
    public const int BeaconBytesMax = 4 << 10;
    private const int BeaconsMax = 1_000;
    private const int ErrorsMax = 100;

    // A page that was open for a day is no page that took a day to paint.
    private const double MillisecondsMax = 10 * 60 * 1000;

    public IReadOnlyList<string> Routes => ["POST /vitals"];

    public bool IsForPages => true;

    // sendBeacon has no headers of its own.
    public string? KeyIn(IntakeHead head) => head.Query("key");

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        var beacons = new List<BeaconReport>();
        var rest = request.Body;
        var lines = 0;
        while (rest.Length > 0 && lines < BeaconsMax)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            lines++;
            if (TryRead(line) is { } beacon)
            {
                beacons.Add(beacon);
            }
        }
        if (beacons.Count == 0)
        {
            throw new ProblemException(Garbled());
        }
        await inbox.TakeAsync(request.Source, beacons, stop);
        return IntakeAnswer.NoContent;
    }

    internal static BeaconReport? TryRead(ReadOnlyMemory<byte> line)
    {
        if (line.Length is 0 or > BeaconBytesMax)
        {
            return null;
        }
        try
        {
            using var json = Loose.Parse(line);
            var root = json.RootElement;
            if (root.Text("p", 2048) is not { } path)
            {
                return null;
            }
            var values = new Dictionary<VitalKind, double>();
            foreach (var kind in Enum.GetValues<VitalKind>())
            {
                if (
                    root.At("v")?.Number(kind.ToString().ToUpperInvariant())
                    is { } value
                        and >= 0
                        and <= MillisecondsMax
                )
                {
                    values[kind] = value;
                }
            }
            return new(
                path,
                root.Text("d") switch
                {
                    "mobile" => Device.Mobile,
                    "tablet" => Device.Tablet,
                    _ => Device.Desktop,
                },
                values,
                Math.Min(root.Whole("e"), ErrorsMax)
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem Garbled() =>
        new(
            "vitals.garbled",
            What: "The beacon cannot be read.",
            Why: "None of its lines is a JSON object with the page's path under 'p'.",
            Fix: "Let the page load /.fairlead/vitals.js, which sends what is expected."
        );
}
