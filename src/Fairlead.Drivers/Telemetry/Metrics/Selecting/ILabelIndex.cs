namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Knows which series have which labels. Series are numbered from 0.</summary>
internal interface ILabelIndex
{
    int SeriesCount { get; }

    /// <summary>Adds the series that have this label with this value.</summary>
    void Mark(string name, string value, SeriesSet into);

    /// <summary>Adds the series that have this label with a value that fits.</summary>
    void Mark(string name, ValueTest fits, SeriesSet into);

    /// <summary>The names of all labels.</summary>
    IEnumerable<string> Names();

    /// <summary>All values of a label.</summary>
    IEnumerable<string> Values(string name);
}

/// <summary>Whether a label's value is wanted.</summary>
internal delegate bool ValueTest(ReadOnlySpan<char> value);
