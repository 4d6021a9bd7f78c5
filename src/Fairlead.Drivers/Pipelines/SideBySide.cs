using System.Runtime.ExceptionServices;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Does the same with many things on all cores; with few, on this thread, since beginning others takes longer than that.</summary>
internal static class SideBySide
{
    private const int FewMax = 64;

    public static void For(int count, Action<int> body)
    {
        if (count > FewMax)
        {
            try
            {
                _ = Parallel.For(0, count, body);
            }
            catch (AggregateException caught)
            {
                // As it would be with few: the first fault itself, which the caller knows how to tell.
                ExceptionDispatchInfo.Throw(caught.Flatten().InnerExceptions[0]);
            }
            return;
        }
        for (var at = 0; at < count; at++)
        {
            body(at);
        }
    }
}
