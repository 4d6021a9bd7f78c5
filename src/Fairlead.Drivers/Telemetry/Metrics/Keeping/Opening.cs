using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.WriteAhead;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>Brings back what a store held, however the process before ended.</summary>
internal sealed class Opening(MetricFolder folder, ILogger log)
{
    /// <summary>The highest number a block has or had.</summary>
    public long LastBlock { get; private set; }

    /// <summary>All blocks but those that others have taken the place of; damaged ones are put aside.</summary>
    public IReadOnlyList<Block> Blocks()
    {
        var blocks = new List<Block>();
        foreach (var (number, path) in folder.FindBlocks())
        {
            LastBlock = number;
            try
            {
                blocks.Add(Block.Open(path));
            }
            catch (InvalidDataException caught)
            {
                PutAside(path, caught.Message);
            }
        }
        var superseded = blocks.SelectMany(block => block.Parents).ToHashSet();
        foreach (var block in blocks.Where(block => superseded.Contains(block.Number)))
        {
            File.Delete(block.Path);
        }
        return [.. blocks.Where(block => !superseded.Contains(block.Number))];
    }

    /// <summary>A head with the samples of all logs, that goes on in a log of its own.</summary>
    public (Head Head, int LastLog) Head(Lock gate, DateTimeOffset now)
    {
        var logs = folder.FindLogs();
        var number = logs.Count == 0 ? 1 : logs[^1].Number + 1;
        var head = new Head(WriteAheadLog.Create(folder.LogOf(number), number, gate), now);
        using var quiet = QuietStart.For(logs.Sum(one => new FileInfo(one.Path).Length));
        foreach (var (_, path) in logs)
        {
            var before = head.Samples;
            var dropped = new LogReader(head).Read(path);
            if (dropped is not null)
            {
                log.EndDropped(dropped.Path, dropped.Bytes, dropped.At, dropped.Why);
            }
            if (dropped is { At: 0 } && dropped.Bytes > WriteAheadLog.Magic.Length)
            {
                // Not the end of a log that a crash cut off: something else happened to it.
                Aside(path);
            }
            else if (head.Samples == before)
            {
                File.Delete(path);
            }
            else
            {
                head.Logs.Insert(head.Logs.Count - 1, path);
            }
        }
        return (head, number);
    }

    private void PutAside(string path, string why)
    {
        var aside = Aside(path);
        log.BlockDamaged(path, aside, why);
    }

    private string Aside(string path)
    {
        Directory.CreateDirectory(folder.Damaged);
        var aside = Path.Combine(folder.Damaged, Path.GetFileName(path));
        File.Move(path, aside, overwrite: true);
        return aside;
    }
}
