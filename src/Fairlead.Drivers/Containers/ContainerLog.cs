using System.Globalization;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Containers;

/// <summary>
/// Carries what a container prints to a file of ours. The engine keeps it meanwhile, with times, so that a node that was away goes on where
/// it left off. What a container with secrets prints is kept nowhere but in memory: of that, what came while nobody listened is gone.
/// </summary>
/// <param name="to">What writes; the file that keeps how far it came; whether the engine keeps what is printed.</param>
internal sealed class ContainerLog(
    ContainerEngine engine,
    string container,
    (Action<byte[]> Write, string PlaceFile, bool IsKept) to,
    World world
) : IDisposable
{
    private const int PieceBytes = 64 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task following = Task.CompletedTask;
    private volatile bool hasEnded;

    /// <summary>Begins to follow, when it does not yet.</summary>
    public void Begin()
    {
        if (following.IsCompleted)
        {
            following = FollowAsync(closing.Token);
        }
    }

    /// <summary>Waits until it listens, so that the first words are not lost; not long, because a program is more than its log.</summary>
    public Task OpenedAsync(CancellationToken stop) =>
        Task.WhenAny(opened.Task, Task.Delay(LastWords, world.Clock, stop));

    /// <summary>Waits for the last words of a container that has ended, as long as is sensible.</summary>
    public async Task EndAsync(CancellationToken stop)
    {
        hasEnded = true;
        await Task.WhenAny(following, Task.Delay(LastWords, world.Clock, stop));
    }

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var wasEnded = hasEnded;
            try
            {
                await CopyAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception caught) when (caught is ProblemException or IOException or UnauthorizedAccessException)
            {
                // The engine is being restarted, or the disk is full: it goes on where it was.
            }
            if (wasEnded)
            {
                return;
            }
            await Task.Delay(Pause, world.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task CopyAsync(CancellationToken stop) =>
        engine.AskAsync(
            async docker =>
            {
                using var stream = await OpenAsync(docker, stop);
                opened.TrySetResult();
                var (buffer, stamps) = (new byte[PieceBytes], new Stamps(ReadPlace()));
                while (
                    await stream.ReadOutputAsync(buffer, 0, buffer.Length, stop)
                        is { EOF: false, Count: > 0 and var count }
                )
                {
                    to.Write(to.IsKept ? stamps.Strip(buffer.AsSpan(0, count)) : buffer[..count]);
                    if (to.IsKept && stamps.Last is { } last)
                    {
                        await File.WriteAllTextAsync(to.PlaceFile, last, stop);
                    }
                }
            },
            stop
        );

    private Task<MultiplexedStream> OpenAsync(DockerClient docker, CancellationToken stop) =>
        to.IsKept
            ? docker.Containers.GetContainerLogsAsync(
                container,
                new ContainerLogsParameters
                {
                    ShowStdout = true,
                    ShowStderr = true,
                    Timestamps = true,
                    Follow = !hasEnded,
                    Since = SecondsOf(ReadPlace()),
                },
                stop
            )
            : docker.Containers.AttachContainerAsync(
                container,
                new ContainerAttachParameters
                {
                    Stdout = true,
                    Stderr = true,
                    Stream = true,
                },
                stop
            );

    private string? ReadPlace() => File.Exists(to.PlaceFile) ? File.ReadAllText(to.PlaceFile) : null;

    /// <summary>A time as the engine takes it: seconds and nanoseconds, both in decimals.</summary>
    internal static string? SecondsOf(string? stamp)
    {
        if (
            stamp is null
            || !DateTimeOffset.TryParse(
                stamp,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
        )
        {
            return null;
        }
        var dot = stamp.IndexOf('.', StringComparison.Ordinal);
        var fraction = dot < 0 ? "0" : stamp[(dot + 1)..].TrimEnd('Z');
        return string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()}.{fraction}");
    }

    /// <summary>Takes off the time that the engine writes before each line, and leaves out lines that were carried over before.</summary>
    internal sealed class Stamps
    {
        // 2026-11-27T08:20:02.939054597Z and a space; always nine digits.
        private const int Letters = 30;

        private readonly string? after;
        private readonly List<byte> begun = [];
        private bool isAtStart = true;
        private bool isLeftOut;

        /// <param name="after">The time of the last line that was carried over before.</param>
        public Stamps(string? after) => (this.after, Last) = (after, after);

        /// <summary>Of the last whole line.</summary>
        public string? Last { get; private set; }

        public byte[] Strip(ReadOnlySpan<byte> piece)
        {
            var text = new List<byte>(piece.Length);
            foreach (var one in piece)
            {
                if (isAtStart)
                {
                    begun.Add(one);
                    if (begun.Count == Letters + 1 || one == '\n')
                    {
                        Begin(text);
                    }
                    continue;
                }
                if (!isLeftOut)
                {
                    text.Add(one);
                }
                isAtStart = one == '\n';
            }
            return [.. text];
        }

        private void Begin(List<byte> text)
        {
            var stamp = Encoding.ASCII.GetString([.. begun.Take(Letters)]);
            var isStamp = begun.Count == Letters + 1 && stamp[^1] == 'Z' && begun[Letters] == ' ';
            isLeftOut = isStamp && string.CompareOrdinal(stamp, after) <= 0;
            if (!isStamp)
            {
                text.AddRange(begun);
            }
            else if (!isLeftOut)
            {
                Last = stamp;
            }
            isAtStart = begun[^1] == '\n';
            begun.Clear();
        }
    }
}
