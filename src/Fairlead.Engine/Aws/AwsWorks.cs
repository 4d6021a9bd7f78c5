using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>
/// Placements that go on by themselves, as they take minutes and a site's loop has other things to see to. Nothing is lost with them: a
/// server that begins anew sees no part there, and has it placed again.
/// </summary>
internal sealed class AwsWorks : IDisposable
{
    private readonly ConcurrentDictionary<InstanceKey, Work> works = new();
    private readonly CancellationTokenSource ending = new();

    /// <summary>Begins it, or finds it under way.</summary>
    public void Begin(InstanceKey key, Func<CancellationToken, Task> place)
    {
        if (works.TryGetValue(key, out var known) && !known.Task.IsCompleted)
        {
            return;
        }
        var end = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        var begun = new Work(Task.Run(() => place(end.Token), end.Token), end);
        if (works.TryGetValue(key, out var over))
        {
            over.Dispose();
        }
        works[key] = begun;
    }

    /// <summary>Those that are not seen at AWS, or failed.</summary>
    /// <exception cref="ProblemException">AWS could not be asked; it is tried again when it is ordered again.</exception>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task<IReadOnlyList<Instance>> OfAsync(Site site, CancellationToken stop)
    {
        var found = new List<Instance>();
        foreach (var (key, work) in works.Where(one => one.Key.Site == site).ToList())
        {
            if (!work.Task.IsCompleted)
            {
                found.Add(new() { Key = key, State = InstanceState.Starting });
                continue;
            }
            try
            {
                await work.Task.WaitAsync(stop); // A bug is thrown here: it must be seen.
                Forget(key);
            }
            catch (ProblemException caught) when (IsPassing(caught.Problem))
            {
                Forget(key);
                throw new ProblemException(caught.Problems, caught);
            }
            catch (ProblemException caught)
            {
                found.Add(
                    new()
                    {
                        Key = key,
                        State = InstanceState.Failed,
                        Problem = caught.Problem,
                    }
                );
            }
            catch (OperationCanceledException)
            {
                Forget(key);
            }
        }
        return found;
    }

    /// <summary>Ends it, whether it is under way or failed.</summary>
    public async Task EndAsync(InstanceKey key, CancellationToken stop)
    {
        if (!works.TryRemove(key, out var work))
        {
            return;
        }
        await work.EndAsync(stop);
        work.Dispose();
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private void Forget(InstanceKey key)
    {
        if (works.TryRemove(key, out var work))
        {
            work.Dispose();
        }
    }

    // It lies in the way to AWS or in who asks, and not in what was asked.
    private static bool IsPassing(Problem problem) =>
        problem.Trouble is Trouble.Unreachable or Trouble.NeedsPerson or Trouble.NotAllowed;

    private sealed record Work(Task Task, CancellationTokenSource End) : IDisposable
    {
        public async Task EndAsync(CancellationToken stop)
        {
            await End.CancelAsync();
            // How it ends is nobody's matter any more; only that it has.
            await Task.ContinueWith(
                    static _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
                .WaitAsync(stop);
        }

        public void Dispose() => End.Dispose();
    }
}
