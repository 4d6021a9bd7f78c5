namespace Fairlead.Drivers.Pipelines;

/// <summary>Does the same with many things on all cores; with few, on this thread, since beginning others takes longer than that.</summary>
internal static class SideBySide
{
    private const int FewMax = 64;

    public static void For(int count, Action<int> body)
    {
        if (count > FewMax)
        {
            _ = Parallel.For(0, count, body);
            return;
        }
        for (var at = 0; at < count; at++)
        {
            body(at);
        }
    }
}
