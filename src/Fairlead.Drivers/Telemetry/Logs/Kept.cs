using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>A record in the store.</summary>
/// <param name="Number">Its place among all that ever came in, from 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Kept(long Number, LogRecord Record)
{
    /// <summary>By time; of the same time, as they came in.</summary>
    public static int ByTime(Kept left, Kept right)
    {
        var byTime = left.Record.At.CompareTo(right.Record.At);
        return byTime != 0 ? byTime : left.Number.CompareTo(right.Number);
    }

    /// <summary>What it takes in memory and in a block, about.</summary>
    public static int Characters(LogRecord record)
    {
        const int Fixed = 64;
        var sum = Fixed + record.Body.Length;
        foreach (var (name, value) in record.Fields)
        {
            sum += name.Length + value.Length;
        }
        return sum;
    }
}
