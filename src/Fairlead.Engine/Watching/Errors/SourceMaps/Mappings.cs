namespace Fairlead.Engine.Watching.Errors.SourceMaps;

/// <summary>
/// Reads a map's <c>mappings</c>: lines parted by semicolons, segments by commas, each of 1, 4 or 5 numbers that say how far to
/// go from the one before, in base 64 with a sign in the lowest bit.
/// </summary>
internal static class Mappings
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly sbyte[] Values = Table();

    /// <returns>Why they cannot be read; null when they were.</returns>
    public static string? Read(string mappings, Segments into, Offset offset, int segmentsMax)
    {
        var (line, column, source, sourceLine, sourceColumn, name) = (offset.Line, offset.Column, 0, 0, 0, 0);
        var fields = new int[5];
        var at = 0;
        while (at < mappings.Length)
        {
            switch (mappings[at])
            {
                case ';':
                    (line, column) = (line + 1, 0);
                    at++;
                    continue;
                case ',':
                    at++;
                    continue;
            }
            var count = 0;
            while (at < mappings.Length && mappings[at] is not (';' or ','))
            {
                if (count == fields.Length || !TryNumber(mappings, ref at, out fields[count++]))
                {
                    return string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"its mappings are garbled at letter {at + 1}"
                    );
                }
            }
            if (count is 2 or 3)
            {
                return "a segment of its mappings has neither 1, 4 nor 5 numbers";
            }
            column += fields[0];
            var target = new Segments.Target(-1, 0, 0, -1);
            if (count >= 4)
            {
                (source, sourceLine, sourceColumn) = (
                    source + fields[1],
                    sourceLine + fields[2],
                    sourceColumn + fields[3]
                );
                name += count == 5 ? fields[4] : 0;
                if (source < 0 || sourceLine < 0 || sourceColumn < 0 || name < 0)
                {
                    return "its mappings lead to before the beginning of a file";
                }
                target = new(offset.Source + source, sourceLine, sourceColumn, count == 5 ? offset.Name + name : -1);
            }
            if (column < 0)
            {
                return "its mappings begin before the beginning of a line";
            }
            into.Add(line, column, target);
            if (into.Count > segmentsMax)
            {
                return $"it has more than {segmentsMax} segments";
            }
        }
        return null;
    }

    private static bool TryNumber(string text, ref int at, out int number)
    {
        var (value, shift) = (0L, 0);
        number = 0;
        while (at < text.Length && shift <= 30)
        {
            var digit = text[at] < Values.Length ? Values[text[at]] : -1;
            if (digit < 0)
            {
                return false;
            }
            at++;
            value |= (long)(digit & 31) << shift;
            shift += 5;
            if ((digit & 32) == 0)
            {
                var size = value >> 1;
                number = (int)((value & 1) == 0 ? size : -size);
                return size <= int.MaxValue;
            }
        }
        return false;
    }

    private static sbyte[] Table()
    {
        var table = new sbyte[128];
        Array.Fill(table, (sbyte)-1);
        for (var i = 0; i < Digits.Length; i++)
        {
            table[Digits[i]] = (sbyte)i;
        }
        return table;
    }

    /// <summary>Where a section of a map begins: in the built file, and in the lists of all sources and names.</summary>
    internal sealed record Offset(int Line, int Column, int Source, int Name);
}
