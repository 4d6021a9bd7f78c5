using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>
/// Go's <c>go.mod</c>, which names every module of a build since Go 1.17. <c>go.sum</c> is read as well: where there is no go.mod beside
/// it, it is all there is. It also names modules that are only looked at, so go.mod is preferred.
/// </summary>
internal sealed class GoSum() : LockReader(Ecosystem.Go, "go.mod", "go.sum")
{
    protected override void Read(string text, Found found)
    {
        if (text.Split('\n').Any(static line => line.StartsWith("module ", StringComparison.Ordinal)))
        {
            ReadMod(text, found);
        }
        else
        {
            ReadSum(text, found);
        }
    }

    // require (
    //     github.com/gin-gonic/gin v1.9.0
    //     golang.org/x/net v0.7.0 // indirect
    // )
    // replace golang.org/x/net => golang.org/x/net v0.17.0
    private static void ReadMod(string text, Found found)
    {
        var replaced = new Dictionary<string, (string Name, string Version)>(StringComparer.Ordinal);
        List<(string Name, string Version, int Line)> required = [];
        var (block, number) = ("", 0);
        foreach (var written in text.Split('\n'))
        {
            number++;
            var line = written.Split("//")[0].Trim();
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "("])
            {
                block = words[0];
                continue;
            }
            if (line == ")")
            {
                block = "";
                continue;
            }
            if (block.Length > 0 && words.Length > 0)
            {
                words = [block, .. words];
            }
            switch (words)
            {
                case ["require", _, ['v', ..]]:
                    required.Add((words[1], words[2], number));
                    break;
                case ["replace", var from, .. var rest] when Array.IndexOf(rest, "=>") is >= 0 and var arrow:
                    replaced[from] = rest[(arrow + 1)..] is [var other, var to] ? (other, to) : ("", "");
                    break;
                case ["require", ..]:
                    found.MissIn($"line {number} names no module with its version.");
                    break;
                default:
                    break;
            }
        }
        foreach (var (name, version, line) in required)
        {
            var (meant, exact) = replaced.GetValueOrDefault(name, (name, version));
            if (meant.Length == 0)
            {
                found.MissIn($"line {line}: '{name}' is replaced by a folder.");
                continue;
            }
            found.Add(new(Ecosystem.Go, meant, exact) { Line = line });
        }
    }

    // golang.org/x/net v0.7.0 h1:...
    // golang.org/x/net v0.7.0/go.mod h1:...        only looked at
    private static void ReadSum(string text, Found found)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            switch (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                case []:
                    break;
                case [_, ['v', ..], _] words:
                    if (!words[1].EndsWith("/go.mod", StringComparison.Ordinal))
                    {
                        found.Add(new(Ecosystem.Go, words[0], words[1]) { Line = number, Integrity = words[2] });
                    }
                    break;
                default:
                    found.MissIn($"line {number} is no module with its version and digest.");
                    break;
            }
        }
    }
}
