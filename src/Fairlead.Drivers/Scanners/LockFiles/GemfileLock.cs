using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Bundler's <c>Gemfile.lock</c>.</summary>
internal sealed class GemfileLock() : LockReader(Ecosystem.RubyGems, "Gemfile.lock", "gems.locked")
{
    private const int GemIndent = 4;
    private const int NeedIndent = 6;

    // GEM
    //   remote: https://rubygems.org/
    //   specs:
    //     rack (2.2.3)
    //     rails (7.0.0)
    //       actionpack (= 7.0.0)
    //     nokogiri (1.13.0-x86_64-linux)
    protected override void Read(string text, Found found)
    {
        var (section, number) = ("", 0);
        Component? last = null;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var plain = line.Trim();
            if (plain.Length == 0)
            {
                continue;
            }
            var indent = line.Length - line.TrimStart(' ').Length;
            if (indent == 0)
            {
                section = plain;
                continue;
            }
            if (section is not ("GEM" or "GIT"))
            {
                continue;
            }
            if (indent == GemIndent && plain.Split(' ') is [var name, ['(', .. var version, ')']])
            {
                Add(last, found);
                last = new(Ecosystem.RubyGems, name, WithoutPlatform(version)) { Line = number };
            }
            else if (indent == NeedIndent && last is not null)
            {
                last = last with { Needs = [.. last.Needs, plain.Split(' ')[0].TrimEnd('!')] };
            }
            else if (indent == GemIndent)
            {
                found.MissIn($"line {number} is no gem with a version.");
            }
        }
        Add(last, found);
    }

    private static void Add(Component? component, Found found)
    {
        if (component is not null)
        {
            found.Add(component);
        }
    }

    // 1.13.0-x86_64-linux
    private static string WithoutPlatform(string version) => version.Split('-')[0];
}
