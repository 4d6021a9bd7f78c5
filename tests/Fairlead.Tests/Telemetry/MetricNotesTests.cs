using System.Globalization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry;

public sealed class MetricNotesTests
{
    [Fact]
    public void What_was_said_last_counts()
    {
        var notes = new MetricNotes();
        notes.Tell(new MetricAbout("a", MetricKind.Gauge, "first"));
        notes.Tell([new MetricAbout("a", MetricKind.Counter, "second"), new MetricAbout("b", MetricKind.Summary)]);

        Assert.Equal(new MetricAbout("a", MetricKind.Counter, "second"), notes.Of("a"));
        Assert.Equal(["a", "b"], notes.All.Select(one => one.Name));
        Assert.Null(notes.Of("c"));
    }

    [Fact]
    public void A_source_that_describes_without_end_fills_no_memory()
    {
        var notes = new MetricNotes();
        notes.Tell(new MetricAbout("known", MetricKind.Gauge, new string('x', 100_000)));
        for (var i = 0; i < MetricNotes.MetricsMax * 2; i++)
        {
            notes.Tell(new MetricAbout(i.ToString(CultureInfo.InvariantCulture), MetricKind.Gauge));
        }
        notes.Tell(new MetricAbout("known", MetricKind.Counter));

        Assert.Equal(MetricNotes.MetricsMax, notes.All.Count);
        Assert.Equal(MetricKind.Counter, notes.Of("known")!.Kind);
    }
}
