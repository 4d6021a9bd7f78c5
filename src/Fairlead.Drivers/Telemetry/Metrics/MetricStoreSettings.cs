namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>How much the store of metrics keeps, and for how long.</summary>
public sealed record MetricStoreSettings
{
    /// <summary>Every sample is kept this long.</summary>
    public TimeSpan KeepRaw { get; init; } = TimeSpan.FromDays(15);

    /// <summary>After that, the samples that matter of every five minutes are kept until this age; no longer than <see cref="KeepRaw"/> keeps none.</summary>
    public TimeSpan KeepRollups { get; init; } = TimeSpan.FromDays(400);

    /// <summary>What is on disk may be this large; beyond, the oldest goes first.</summary>
    public long DiskBytesMax { get; init; } = 20L << 30;

    /// <summary>This much of the disk is left free for others, such as the journal; the oldest telemetry makes way.</summary>
    public long DiskBytesFree { get; init; } = 256L << 20;

    /// <summary>A sample may come so long after a newer one of its series.</summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A sender's clock may be ahead by this much.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Series with samples since the head was last written to a block.</summary>
    public int SeriesMax { get; init; } = 500_000;

    /// <summary>Of those, series of one metric.</summary>
    public int SeriesOfMetricMax { get; init; } = 100_000;

    /// <summary>Of those, series with one value of the label <see cref="AppLabel"/>.</summary>
    public int SeriesOfAppMax { get; init; } = 250_000;

    /// <summary>The label that says whose series it is.</summary>
    public string AppLabel { get; init; } = "app";

    /// <summary>Labels of one series.</summary>
    public int LabelsMax { get; init; } = 64;

    public int NameBytesMax { get; init; } = 512;

    public int ValueBytesMax { get; init; } = 4096;

    /// <summary>More series are not read at once.</summary>
    public int SelectedMax { get; init; } = 500_000;

    /// <summary>The head is written to a block when it holds this many samples: they are what is read again at a start.</summary>
    public long HeadSamplesMax { get; init; } = 5_000_000;

    /// <summary>The head is written to a block when its log is this large.</summary>
    public long HeadLogBytesMax { get; init; } = 96L << 20;

    /// <summary>The head is written to a block when it is this old.</summary>
    public TimeSpan HeadAgeMax { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How often it is looked whether there is something to be written, merged or dropped.</summary>
    public TimeSpan CareEvery { get; init; } = TimeSpan.FromSeconds(15);
}
