using System.Globalization;
using System.Text;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>Values as Go prints them.</summary>
internal static class TemplateText
{
    public static string Of(object? value) =>
        value switch
        {
            null => "<no value>",
            string text => text,
            bool one => one ? "true" : "false",
            double number => Numbers.General(number),
            long number => number.ToString(CultureInfo.InvariantCulture),
            Labels labels => $"map[{string.Join(' ', labels.Select(one => $"{one.Name}:{one.Value}"))}]",
            QueryElement one => $"{{{Of(one.Labels)} {Of(one.Value)}}}",
            IReadOnlyList<QueryElement> list => $"[{string.Join(' ', list.Select(one => Of(one)))}]",
            _ => value.ToString() ?? "",
        };

    /// <summary>Go's <c>%.4g</c>: so many digits that mean something, none of them a zero at the end.</summary>
    public static string General(double value, int digits)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return Numbers.Write(value);
        }
        digits = Math.Max(1, digits);
        var text = value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
        var (mantissa, exponent) = (
            text[..text.IndexOf('E')],
            int.Parse(text.AsSpan(text.IndexOf('E') + 1), CultureInfo.InvariantCulture)
        );
        var rounded = double.Parse(text, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < digits)
        {
            return Numbers.Write(rounded);
        }
        mantissa = mantissa.Contains('.') ? mantissa.TrimEnd('0').TrimEnd('.') : mantissa;
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    /// <summary>Go's printf, with the verbs that texts for people need.</summary>
    public static string Print(string format, IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                text.Append(format[at]);
                continue;
            }
            var start = ++at;
            while (at < format.Length && format[at] is '-' or '+' or ' ' or '0' or '#' or '.' or (>= '1' and <= '9'))
            {
                at++;
            }
            if (at == format.Length)
            {
                text.Append("%!(NOVERB)");
            }
            else if (format[at] == '%')
            {
                text.Append('%');
            }
            else if (next == arguments.Count)
            {
                text.Append("%!").Append(format[at]).Append("(MISSING)");
            }
            else
            {
                text.Append(Print(format[start..at], format[at], arguments[next++]));
            }
        }
        return text.ToString();
    }

    private static string Print(string flags, char verb, object? value)
    {
        var point = flags.IndexOf('.');
        int? places = point < 0 ? null : Whole(flags[(point + 1)..]);
        var head = point < 0 ? flags : flags[..point];
        var width = Whole(head.TrimStart('-', '+', ' ', '0', '#'));
        var printed = Print(verb, places, value);
        if (head.Contains('+') && value is double or long && !printed.StartsWith('-'))
        {
            printed = "+" + printed;
        }
        var isZeroed = head.TrimStart('+', '-', ' ').StartsWith('0') && value is double or long;
        return head.StartsWith('-') ? printed.PadRight(width)
            : isZeroed && printed is ['-' or '+', .. var digits] ? printed[0] + digits.PadLeft(width - 1, '0')
            : printed.PadLeft(width, isZeroed ? '0' : ' ');
    }

    private static string Print(char verb, int? places, object? value) =>
        (verb, value) switch
        {
            ('d', long number) => number.ToString(CultureInfo.InvariantCulture),
            ('f' or 'F', double number) => !double.IsFinite(number)
                ? Numbers.Write(number)
                : number.ToString($"F{places ?? 6}", CultureInfo.InvariantCulture),
            ('e', double number) => number.ToString(
                $"0.{new string('0', places ?? 6)}e+00",
                CultureInfo.InvariantCulture
            ),
            ('g', double number) => places is { } digits ? General(number, digits) : Numbers.General(number),
            ('q', string text) => Written.Quoted(text),
            ('x', long number) => number.ToString("x", CultureInfo.InvariantCulture),
            ('s' or 'v', double number) when verb == 'v' => Numbers.General(number),
            ('s', string text) => places is { } most && text.Length > most ? text[..most] : text,
            ('t', bool one) => one ? "true" : "false",
            ('v', _) => Of(value),
            _ => $"%!{verb}({Kind(value)}={Of(value)})",
        };

    private static string Kind(object? value) =>
        value switch
        {
            double => "float64",
            long => "int",
            string => "string",
            bool => "bool",
            _ => "value",
        };

    private static int Whole(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, 100)
            : 0;
}
