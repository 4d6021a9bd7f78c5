namespace Fairlead.Drivers.Channels;

/// <summary>Times that another side says, whatever it says.</summary>
internal static class Waits
{
    /// <summary>From 0 to an hour; null for what is no time.</summary>
    public static TimeSpan? Seconds(double seconds) =>
        double.IsNaN(seconds) ? null : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, ChannelHttp.AfterMax.TotalSeconds));
}
