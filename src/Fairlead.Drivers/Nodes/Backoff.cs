namespace Fairlead.Drivers.Nodes;

/// <summary>How long to wait before a crashed program is started again: long enough to spare the machine, never giving up.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A program that ran this long is taken as well again.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(60);

    /// <summary>How many crashes in a row it is now, when the last of them came after this time up.</summary>
    public static int Crashes(int before, TimeSpan up) => up >= Forgiven ? 1 : before + 1;

    /// <param name="crashes">In a row, 1 or more.</param>
    public static TimeSpan Pause(int crashes)
    {
        var pause = First * Math.Pow(2, Math.Clamp(crashes - 1, 0, 10));
        return pause < Longest ? pause : Longest;
    }
}
