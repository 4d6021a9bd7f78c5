using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Compares the terms of packages with what is allowed. Pure.</summary>
public static class LicenceScan
{
    public static ScanPart Judge(Inventory inventory, ScanPolicy policy)
    {
        if (policy.LicencesDenied.Count == 0 && policy.LicencesAllowed.Count == 0)
        {
            return new(
                ScanKind.Licences,
                [],
                ["Which licences packages may have stands nowhere, so none was compared."],
                0
            );
        }
        List<string> unknown = [.. inventory.Unread];
        var findings = new List<Finding>();
        var silent = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var component in inventory.Components)
        {
            if (component.Licences.Count == 0)
            {
                silent[component.File] = silent.GetValueOrDefault(component.File) + 1;
            }
            else if (!component.Licences.Any(one => Allows(one, policy)))
            {
                findings.Add(Of(component, policy));
            }
        }
        unknown.AddRange(silent.Select(static one => $"{one.Key} names no licence for {one.Value} of its packages."));
        return new(ScanKind.Licences, DependencyScan.Ordered(findings), unknown, inventory.Components.Count);
    }

    /// <summary>Whether an SPDX expression leaves a way that is allowed: with OR one side does, with AND both must.</summary>
    internal static bool Allows(string expression, ScanPolicy policy)
    {
        const int LettersMax = 500;
        if (expression.Length > LettersMax)
        {
            return false;
        }
        var words = new Queue<string>(
            expression
                .Replace("(", " ( ", StringComparison.Ordinal)
                .Replace(")", " ) ", StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        return Either(words, policy, depth: 0);
    }

    private static bool Either(Queue<string> words, ScanPolicy policy, int depth)
    {
        var allows = Both(words, policy, depth);
        while (words.TryPeek(out var word) && word.Equals("OR", StringComparison.OrdinalIgnoreCase))
        {
            words.Dequeue();
            allows |= Both(words, policy, depth);
        }
        return allows;
    }

    private static bool Both(Queue<string> words, ScanPolicy policy, int depth)
    {
        var allows = One(words, policy, depth);
        while (words.TryPeek(out var word) && word.Equals("AND", StringComparison.OrdinalIgnoreCase))
        {
            words.Dequeue();
            allows &= One(words, policy, depth);
        }
        return allows;
    }

    private static bool One(Queue<string> words, ScanPolicy policy, int depth)
    {
        const int DepthMax = 20;
        if (!words.TryDequeue(out var word) || depth > DepthMax)
        {
            return false;
        }
        if (word == "(")
        {
            var allows = Either(words, policy, depth + 1);
            _ = words.TryPeek(out var end) && end == ")" ? words.Dequeue() : "";
            return allows;
        }
        if (words.TryPeek(out var with) && with.Equals("WITH", StringComparison.OrdinalIgnoreCase))
        {
            words.Dequeue();
            _ = words.TryDequeue(out _);
        }
        return !policy.LicencesDenied.Any(one => Fits(one, word))
            && (policy.LicencesAllowed.Count == 0 || policy.LicencesAllowed.Any(one => Fits(one, word)));
    }

    // GPL-3.0 stands for GPL-3.0-only, GPL-3.0-or-later and GPL-3.0+ as well; GPL-* for all that begin so.
    private static bool Fits(string pattern, string licence) =>
        pattern.EndsWith('*')
            ? licence.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : Plain(licence).Equals(Plain(pattern), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string licence) =>
        licence
            .TrimEnd('+')
            .Replace("-only", "", StringComparison.OrdinalIgnoreCase)
            .Replace("-or-later", "", StringComparison.OrdinalIgnoreCase);

    private static Finding Of(Component component, ScanPolicy policy) =>
        new(
            ScanKind.Licences,
            $"licence-{component.Licences[0]}",
            Severity.High,
            component.Line > 0 ? $"{component.File}:{component.Line}" : component.File,
            $"{component.Name} {component.Version} has the licence {string.Join(" or ", component.Licences)}.",
            policy.LicencesAllowed.Count > 0
                ? $"Allowed are: {string.Join(", ", policy.LicencesAllowed)}."
                : $"Denied are: {string.Join(", ", policy.LicencesDenied)}.",
            $"Replace {component.Name}, or let somebody who may decide waive it until a day."
        )
        {
            Component = component.Purl,
        };
}
