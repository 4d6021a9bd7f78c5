using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>
/// Takes secrets and people out of an error before it touches the disk: passwords, tokens, cookies and card numbers wherever they
/// stand, users as a hash, addresses without their last part.
/// </summary>
/// <param name="secret">Makes hashes of users that nobody else can make, so that a list of addresses cannot be tried out.</param>
/// <param name="known">Hides the values that Fairlead knows, in all the forms in which programs print them.</param>
public sealed partial class Scrubber(byte[] secret, LiveMask? known = null)
{
    public const string Gone = "[scrubbed]";

    private const int CardDigitsMin = 13;

    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "pass",
            "pwd",
            "secret",
            "token",
            "key",
            "bearer",
            "basic",
            "cookie",
            "authorization",
            "://",
            "eyj",
            "akia",
            "asia",
            "gh",
            "k_",
            "xox",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> HeadersKept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept",
        "Accept-Language",
        "Content-Length",
        "Content-Type",
        "Host",
        "Origin",
        "User-Agent",
        "X-Request-Id",
        "Traceparent",
    };

    public ErrorEvent Clean(ErrorEvent one) =>
        one with
        {
            User = one.User is { Length: > 0 } user ? Hashed(user) : null,
            Address = one.Address is { } address ? Shortened(address) : null,
            Message = Hidden(one.Message),
            Template = Hidden(one.Template),
            Transaction = one.Transaction is { } transaction ? Hidden(WithoutQuery(transaction)) : null,
            Exceptions =
            [
                .. one.Exceptions.Select(thrown =>
                    thrown with
                    {
                        Value = Hidden(thrown.Value)!, // Not null, as it was not.
                        Frames = [.. thrown.Frames.Select(Clean)],
                    }
                ),
            ],
            Request = one.Request is { } request
                ? new(
                    request.Method,
                    Hidden(WithoutQuery(request.Url))!,
                    request
                        .Headers.Where(header => HeadersKept.Contains(header.Key))
                        .ToDictionary(header => header.Key, header => Hidden(header.Value)!)
                )
                : null,
            Tags = one.Tags.ToDictionary(tag => tag.Key, tag => IsSecret(tag.Key) ? Gone : Hidden(tag.Value)!),
            Breadcrumbs = [.. one.Breadcrumbs.Select(crumb => crumb with { Text = Hidden(crumb.Text)! })],
        };

    /// <summary>Whether a name is that of a secret.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    /// <summary>A text without what looks like a secret.</summary>
    public static string? Text(string? text)
    {
        if (text is null)
        {
            return null;
        }
        // Most texts are lines of code that hold none: a look at what a secret begins with costs little.
        var clean = text.AsSpan().ContainsAny(Signs)
            ? SecretValue().Replace(text, match => match.Groups["keep"].Value + Gone)
            : text;
        clean =
            clean.Count(char.IsAsciiDigit) >= CardDigitsMin
                ? LongNumber().Replace(clean, match => IsCard(match.Value) ? Gone : match.Value)
                : clean;
        return clean.Contains('@') ? Mail().Replace(clean, "[email]") : clean;
    }

    /// <summary><c>203.0.113.9</c> becomes <c>203.0.113.0</c>; of IPv6 the first 48 bits stay. Null for what is no address.</summary>
    public static string? Shortened(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return null;
        }
        parsed = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        var bytes = parsed.GetAddressBytes();
        bytes.AsSpan(parsed.AddressFamily == AddressFamily.InterNetwork ? 3 : 6).Clear();
        return new IPAddress(bytes).ToString();
    }

    // What is known first: it may stand in the midst of what only looks like a secret.
    private string? Hidden(string? text) => Text(text is null ? null : known?.Masked(text) ?? text);

    private string Hashed(string user) => HashOf(secret, user);

    /// <summary>As which a user is kept.</summary>
    internal static string HashOf(byte[] secret, string user) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(user)).AsSpan(0, 8));

    private StackFrame Clean(StackFrame frame) =>
        frame with
        {
            File = frame.File is { } file ? Hidden(WithoutQuery(file)) : null,
            Code = Hidden(frame.Code),
            Before = [.. frame.Before.Select(line => Hidden(line)!)],
            After = [.. frame.After.Select(line => Hidden(line)!)],
        };

    // What stands in a query is often a token or a name; its path says where it was.
    private static string WithoutQuery(string url)
    {
        var end = url.IndexOfAny(['?', '#']);
        var plain = end < 0 ? url : url[..end];
        return Credentials().Replace(plain, "${scheme}");
    }

    // Luhn's sum, so that order numbers stay.
    private static bool IsCard(string text)
    {
        var (sum, count) = (0, 0);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var digit = text[i] - '0';
                digit = count++ % 2 == 1 ? digit * 2 : digit;
                sum += digit > 9 ? digit - 9 : digit;
            }
        }
        return count is >= CardDigitsMin and <= 19 && sum % 10 == 0;
    }

    [GeneratedRegex(
        @"passw(?:or)?d|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|auth(?!or)|credential|cookie|session|csrf|xsrf|card|cvc|cvv|iban|ssn|bearer|otp|^pin$",
        RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex SecretName();

    // password=hunter2, "token": "abc", Authorization: Bearer abc, postgres://user:pass@host, eyJ... (JWT), AKIA..., ghp_...
    [GeneratedRegex(
        """
            (?<keep>\b\w{0,40}(?:passw(?:or)?d|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key)\w{0,20}["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'&,;)}\]]{1,500}
            |(?<keep>\b(?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{8,}
            |(?<keep>\b(?:Cookie|Set-Cookie|Authorization)\s{0,3}:\s{0,3})[^\r\n]{1,1000}
            |(?<keep>://[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)
            |\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?
            |\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|\bxox[abprs]-[A-Za-z0-9-]{10,}
            """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex SecretValue();

    [GeneratedRegex(@"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", RegexOptions.None, 1000)]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", RegexOptions.None, 1000)]
    private static partial Regex Mail();

    [GeneratedRegex(@"^(?<scheme>[a-z][a-z0-9+.-]*://)[^/@\s]*@", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Credentials();
}
