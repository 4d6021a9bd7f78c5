namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads what a program wrote: JSON and logfmt with their fields, the habits of common libraries and servers, and at least a level
/// where one is said. What is not known stays as it is.
/// </summary>
public static class LineReader
{
    /// <param name="text">A line, or several that belong together.</param>
    public static ReadLine Read(string text)
    {
        var bare = Colours.Strip(text);
        var trimmed = bare.AsSpan().Trim();
        if (trimmed is ['{', .., '}'] && JsonLine.TryRead(bare) is { } json)
        {
            return json;
        }
        return LogfmtLine.TryRead(bare)
            ?? ConsoleLine.TryRead(bare)
            ?? AccessFormat.TryRead(bare)
            ?? PlainLine.Read(bare);
    }
}
