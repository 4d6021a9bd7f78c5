namespace Fairlead.Model.Ports;

/// <summary>A file of lines that another program appends to, and moves aside when it is large.</summary>
public interface ILineFile
{
    /// <summary>Reads on from a cursor, over rotations: no line twice, and none never as long as its file is kept.</summary>
    /// <param name="cursor">What the last call said; null to begin with the oldest line there is.</param>
    /// <param name="linesMax">Lines at once, at least 1.</param>
    Task<LinesRead> ReadAsync(string? cursor, int linesMax, CancellationToken stop);
}

/// <param name="Lines">Whole lines without their ends; long ones come in pieces.</param>
/// <param name="Cursor">Where the next call begins; null when there is no file yet.</param>
public sealed record LinesRead(IReadOnlyList<string> Lines, string? Cursor);
