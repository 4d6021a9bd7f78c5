namespace Fairlead.Scenarios;

/// <summary>
/// How much of what is repeated is done. Usually a part of it, which keeps the whole run below an hour and a half on two cores; all of it with
/// <c>FAIRLEAD_SCENARIOS=whole</c>, before a release and after a change to what is repeated.
/// </summary>
internal static class Extent
{
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("FAIRLEAD_SCENARIOS") == "whole";

    public static int Of(int usual, int whole) => IsWhole ? whole : usual;
}
