using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fairlead.Model.Security;

/// <summary>
/// The forms in which programs print a value: as it is, in base64 wherever it begins in the encoded text, in base64url, hex,
/// percent (once and twice), JSON (once and twice), HTML and a shell's quotes; and the passwords that a value holds, such as that
/// of a database's address.
/// </summary>
internal static partial class SecretForms
{
    private const int LineCharsMin = 12;
    private const int LeafCharsMin = 12;

    // Of longer ones, such as files of keys, only what is common is looked for: all forms would take megabytes.
    private const int CommonCharsMax = 4096;

    public static IEnumerable<string> Of(string value) =>
        Parts(value).SelectMany(Encoded).Where(form => form.Length >= Secret.CharsMin).Distinct(StringComparer.Ordinal);

    /// <summary>The value, and what of it is a secret by itself.</summary>
    private static IEnumerable<string> Parts(string value)
    {
        yield return value;
        foreach (var part in Lines(value).Concat(Passwords(value)).Concat(Leaves(value)))
        {
            // A part that is an innocent word would hide it everywhere.
            if (Secret.FaultOf(part) is null)
            {
                yield return part;
            }
        }
    }

    // A key of many lines is often printed line by line.
    private static IEnumerable<string> Lines(string value) =>
        value.Contains('\n', StringComparison.Ordinal)
            ? value
                .Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line.Length >= LineCharsMin && !line.StartsWith("-----", StringComparison.Ordinal))
            : [];

    private static IEnumerable<string> Passwords(string value)
    {
        foreach (Match match in InUrl().Matches(value))
        {
            var password = match.Groups["password"].Value;
            yield return password;
            yield return Uri.UnescapeDataString(password);
        }
        foreach (Match match in InPairs().Matches(value))
        {
            yield return match.Groups["password"].Value.Trim('"', '\'');
        }
    }

    private static IEnumerable<string> Leaves(string value)
    {
        if (!value.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
        {
            return [];
        }
        try
        {
            using var document = JsonDocument.Parse(value);
            return
            [
                .. document
                    .RootElement.EnumerateObject()
                    .Where(one => one.Value.ValueKind is JsonValueKind.String)
                    .Select(one => one.Value.GetString() ?? "")
                    .Where(text => text.Length >= LeafCharsMin && !text.Contains("://", StringComparison.Ordinal)),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Encoded(string value)
    {
        yield return value;
        var bytes = Encoding.UTF8.GetBytes(value);
        for (var offset = 0; offset < 3; offset++)
        {
            foreach (var form in Base64(bytes, offset))
            {
                yield return form;
                yield return form.Replace('+', '-').Replace('/', '_');
            }
        }
        if (value.Length > CommonCharsMax)
        {
            foreach (var form in Json(value))
            {
                yield return form;
            }
            yield break;
        }
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        foreach (var form in Percent(value).Concat(Json(value)).Concat(Html(value)))
        {
            yield return form;
        }
        yield return value.Replace("'", "'\\''", StringComparison.Ordinal);
    }

    /// <summary>What of its base64 does not depend on what stands before and behind it.</summary>
    private static IEnumerable<string> Base64(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
        var begin = ((offset * 8) + 5) / 6;
        var end = (offset + bytes.Length) * 8 / 6;
        yield return text[begin..end];
        // Where it ends the text, its last letter is known too.
        yield return text[begin..];
    }

    private static IEnumerable<string> Percent(string value)
    {
        var whole = Uri.EscapeDataString(value);
        var twice = Uri.EscapeDataString(whole);
        yield return whole;
        yield return Lower(whole);
        yield return twice;
        yield return Uri.EscapeDataString(Lower(whole));
        yield return Lower(twice);
        var form = WebUtility.UrlEncode(value);
        yield return form;
        yield return Lower(form);
        // As JavaScript's encodeURIComponent and encodeURI leave some letters.
        yield return Left(whole, "!'()*");
        yield return Left(whole, "!'()*;/?:@&=+$,#");
    }

    private static string Lower(string text) => Escape().Replace(text, match => match.Value.ToLowerInvariant());

    private static string Left(string text, string letters) =>
        Escape()
            .Replace(
                text,
                match =>
                    (char)int.Parse(match.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                        is var letter
                    && letters.Contains(letter, StringComparison.Ordinal)
                        ? letter.ToString()
                        : match.Value
            );

    private static IEnumerable<string> Json(string value)
    {
        string[] once =
        [
            JsonEncodedText.Encode(value).Value,
            JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
        ];
        foreach (var form in once)
        {
            yield return form;
            yield return form.ToLowerInvariant() is var lower && form.Contains("\\u", StringComparison.Ordinal)
                ? UnicodeEscape().Replace(form, match => match.Value.ToLowerInvariant())
                : form;
            yield return form.Replace("/", "\\/", StringComparison.Ordinal);
            yield return JsonEncodedText.Encode(form, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        }
    }

    private static IEnumerable<string> Html(string value)
    {
        var most = WebUtility.HtmlEncode(value);
        yield return most;
        yield return most.Replace("&#39;", "&#x27;", StringComparison.Ordinal);
        yield return most.Replace("&#39;", "&apos;", StringComparison.Ordinal);
        yield return most.Replace("&#39;", "'", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal);
        yield return HtmlEncoder.Default.Encode(value);
    }

    [GeneratedRegex(
        @"://[^\s/:@]*:(?<password>[^\s/@]+)@",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex InUrl();

    [GeneratedRegex(
        @"\b(password|pwd)\s*=\s*(?<password>[^;\s&]+)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex InPairs();

    [GeneratedRegex("%[0-9A-Fa-f]{2}", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\\u[0-9A-Fa-f]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex UnicodeEscape();
}
