using System.Text.Json;
using System.Text.Json.Serialization;

namespace Storefront.Api;

/// <summary>
/// The orders of the shop in one file of JSON lines that all replicas of all releases share. Whoever writes holds a lock
/// that the kernel gives back when its process dies; an order is acknowledged once it is on the disk.
/// </summary>
/// <example><code>
/// {"what":"placed","number":1001,"at":"2026-01-05T09:12:44+00:00","key":"b61f","lines":[{"product":"mug","quantity":2}],"cents":2900}
/// {"what":"taken","number":1001,"at":"2026-01-05T09:12:45+00:00","by":"worker@1/0"}
/// {"what":"pack
/// </code>The third line was cut off by a crash before it was acknowledged: the next writer removes it.</example>
public sealed class OrderLog(string folder, TimeProvider clock, ILogger<OrderLog> logger)
{
    private const long FileBytesMax = 16 * 1024 * 1024;
    private static readonly TimeSpan s_lockWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(3);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _file = Path.Combine(Opened(folder), "orders.jsonl");
    private readonly Ledger _ledger = new();
    private readonly SemaphoreSlim _turn = new(1);
    private long _offset;

    public void LogWhereItIs() => logger.LogInformation("orders are kept in {File}", _file);

    /// <summary>Asks the ledger as it is now, with what other processes wrote.</summary>
    public async Task<T> ReadAsync<T>(Func<Ledger, T> question, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            CatchUp();
            return question(_ledger);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lets one thing happen, or nothing when <paramref name="decide"/> gives null. Done when it is on the disk.</summary>
    /// <exception cref="TimeoutException">Another process held the lock for too long.</exception>
    /// <exception cref="IOException">The file has reached its limit, or the disk refused.</exception>
    public async Task<Order?> WriteAsync(Func<Ledger, DateTimeOffset, Happening?> decide, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            using var held = await LockAsync(stop);
            CatchUp();
            if (decide(_ledger, clock.GetUtcNow()) is not { } happening)
            {
                return null;
            }
            Append(happening);
            CatchUp();
            return _ledger.Find(happening.Number);
        }
        finally
        {
            _turn.Release();
        }
    }

    // For this user alone: the default folder lies among everybody's temporary files.
    private static string Opened(string folder) =>
        OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder).FullName
            : Directory
                .CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
                .FullName;

    private async Task<FileStream> LockAsync(CancellationToken stop)
    {
        var since = clock.GetTimestamp();
        while (true)
        {
            try
            {
                // FileShare.None is flock(2) on Linux: it excludes other processes that ask in the same way.
                return new FileStream(_file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(since) < s_lockWait)
            {
                await Task.Delay(s_lockPause, clock, stop);
            }
            catch (IOException problem)
            {
                throw new TimeoutException($"{_file}.lock was not free within {s_lockWait.TotalSeconds} s.", problem);
            }
        }
    }

    private void Append(Happening happening)
    {
        using var file = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        if (file.Length > FileBytesMax)
        {
            throw new IOException($"{_file} is full: delete it, the shop is a sample.");
        }
        file.SetLength(_offset);
        file.Position = _offset;
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(happening, s_json), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    // Takes in whole lines only; the rest is being written right now, or was never acknowledged.
    private void CatchUp()
    {
        var found = new FileInfo(_file);
        if (!found.Exists || found.Length == _offset)
        {
            return;
        }
        using var file = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _offset;
        var bytes = new byte[Math.Max(0, file.Length - _offset)];
        var fresh = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        while (fresh.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Take(fresh[..end]);
            _offset += end + 1;
            fresh = fresh[(end + 1)..];
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        try
        {
            _ledger.Apply(JsonSerializer.Deserialize<Happening>(line, s_json)!);
        }
        catch (JsonException problem)
        {
            logger.LogWarning("passed over a line of {File}: {Why}", _file, problem.Message);
        }
    }
}
