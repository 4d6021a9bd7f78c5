using System.Diagnostics;
using System.Globalization;
using System.Runtime.Loader;
using Fairlead.Engine.Guarding.Scanning.Versions;
using Fairlead.Model.Security.Scanning;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Scanning;

/// <summary>Versions made up and real, in pairs: our order of each is that of the ecosystem's own tool.</summary>
public sealed class VersionScenarios
{
    private const int PairsMax = 2_000;

    private static readonly string[] Numbers = ["0", "1", "2", "9", "10", "01", "11", "100", "20230101"];

    [Fact]
    public async Task Npms_order_is_that_of_npms_own_semver()
    {
        var node = RealPeer.Find("node", "nodejs");
        var semver = new[]
        {
            "/usr/lib/node_modules/npm/node_modules/semver",
            "/usr/share/nodejs/semver",
        }.FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(semver is null, "npm's semver is not here: apt-get install npm");
        var script = $$"""
            const s = require('{{semver}}');
            for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(x => x)) {
              const [a, b] = line.split('\t');
              console.log(s.valid(a) && s.valid(b) ? s.compare(a, b) : 'none');
            }
            """;
        await AgreeAsync(
            Ecosystem.Npm,
            Pairs(3, ["-", "-", ".", "+"], ["alpha", "beta", "rc", "x-y", "SNAPSHOT"]),
            node,
            "-e",
            script
        );
    }

    [Fact]
    public async Task Debians_order_is_that_of_dpkg()
    {
        var shell = RealPeer.Find("bash", "bash");
        _ = RealPeer.Find("dpkg", "dpkg");
        const string Script = """
            while IFS=$'\t' read -r a b; do
              if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo -1
              elif dpkg --compare-versions "$a" eq "$b" 2>/dev/null; then echo 0
              else echo 1; fi
            done
            """;
        var pairs = Pairs(
                1,
                [".", "-", "~", "+", ":", ".", "+deb12u", "~bpo11+", "+dfsg-"],
                ["a", "b", "rc", "beta", "git"]
            )
            // dpkg warns of what is none and compares it all the same.
            .Where(static pair => char.IsAsciiDigit(pair.Left[0]) && char.IsAsciiDigit(pair.Right[0]))
            .Where(static pair =>
                VersionOrder.Compare(Ecosystem.Debian, pair.Left, pair.Left) == 0
                && VersionOrder.Compare(Ecosystem.Debian, pair.Right, pair.Right) == 0
            )
            .Take(700)
            .ToList();
        await AgreeAsync(Ecosystem.Debian, pairs, shell, "-c", Script);
    }

    [Fact]
    public async Task Pythons_order_is_that_of_pip()
    {
        var python = RealPeer.Find("python3", "python3");
        const string Script = """
            import sys
            try:
                from packaging.version import Version, InvalidVersion
            except ImportError:
                try:
                    from pip._vendor.packaging.version import Version, InvalidVersion
                except ImportError:
                    print("missing"); sys.exit()
            for line in sys.stdin:
                a, b = line.rstrip("\n").split("\t")
                try:
                    x, y = Version(a), Version(b)
                    print((x > y) - (x < y))
                except InvalidVersion:
                    print("none")
            """;
        await AgreeAsync(
            Ecosystem.PyPI,
            Pairs(
                1,
                [".", ".", "-", "_", "+", "!", ""],
                ["a", "b", "rc", "dev", "post", ".dev", ".post", "alpha", "c", "rev", "local"]
            ),
            python,
            "-c",
            Script
        );
    }

    [Fact]
    public async Task Gems_order_is_that_of_RubyGems()
    {
        var ruby = RealPeer.Find("ruby", "ruby");
        const string Script = """
            STDIN.each_line do |line|
              a, b = line.chomp.split("\t")
              puts(Gem::Version.correct?(a) && Gem::Version.correct?(b) ? Gem::Version.new(a) <=> Gem::Version.new(b) : "none")
            end
            """;
        await AgreeAsync(
            Ecosystem.RubyGems,
            Pairs(1, [".", ".", ".", "-"], ["a", "b", "pre", "rc", "alpha", "beta"]),
            ruby,
            "-e",
            Script
        );
    }

    [Fact]
    public async Task Composers_order_is_that_of_Composer()
    {
        var php = RealPeer.Find("php", "php-cli");
        const string Library = "/usr/share/php/Composer/Semver/autoload.php";
        Assert.SkipUnless(File.Exists(Library), "Composer's semver is not here: apt-get install php-composer-semver");
        const string Script = """
            require '/usr/share/php/Composer/Semver/autoload.php';
            $parser = new Composer\Semver\VersionParser();
            while (($line = fgets(STDIN)) !== false) {
              [$a, $b] = explode("\t", rtrim($line, "\n"));
              try {
                $x = $parser->normalize($a); $y = $parser->normalize($b);
                // A branch has no place in the order.
                echo str_starts_with($x, 'dev-') || str_starts_with($y, 'dev-') ? 'none' : version_compare($x, $y), "\n";
              } catch (UnexpectedValueException $e) { echo "none\n"; }
            }
            """;
        await AgreeAsync(
            Ecosystem.Packagist,
            [
                // As packages are numbered: PHP's own order of what Composer makes of dates and of words twice over has no rule to follow.
                .. Pairs(1, [".", ".", ".", "-", ""], ["alpha", "beta", "RC", "p", "patch", "dev", "a", "b"])
                    .Where(static pair => IsPlain(pair.Left) && IsPlain(pair.Right)),
            ],
            php,
            "-r",
            Script
        );
    }

    [Fact]
    public async Task Mavens_order_is_that_of_Maven()
    {
        var java = RealPeer.Find("java", "default-jre-headless");
        const string Libraries = "/usr/share/maven/lib/";
        Assert.SkipUnless(
            File.Exists(Libraries + "maven-artifact-3.x.jar"),
            "Maven is not here: apt-get install maven"
        );
        // It compares each version with the one before it.
        var pairs = Pairs(
                1,
                [".", ".", "-", "-", ""],
                ["alpha", "beta", "rc", "SNAPSHOT", "sp", "ga", "Final", "xyz", "a", "m"]
            )
            .Take(400)
            .ToList();
        var lines = await RunAsync(
            [],
            java,
            [
                "-cp",
                $"{Libraries}maven-artifact-3.x.jar:{Libraries}commons-lang3.jar",
                "org.apache.maven.artifact.versioning.ComparableVersion",
                .. pairs.SelectMany(static pair => new[] { pair.Left, pair.Right }),
            ]
        );
        List<int?> said =
        [
            .. lines
                .Where(static line => line.StartsWith("   ", StringComparison.Ordinal))
                .Select(static line =>
                    line.Contains(" < ", StringComparison.Ordinal) ? (int?)-1
                    : line.Contains(" > ", StringComparison.Ordinal) ? 1
                    : 0
                ),
        ];
        // Between pairs it compares too; those answers are left out.
        Agree(Ecosystem.Maven, pairs, [.. said.Where(static (_, at) => at % 2 == 0)]);
    }

    [Fact]
    public async Task NuGets_order_is_that_of_the_sdk()
    {
        var sdk = (await RunAsync([], "dotnet", "--list-sdks"))
            .Select(static line =>
                line.Split(" [") is [var version, var root] ? Path.Combine(root.TrimEnd(']'), version) : ""
            )
            .LastOrDefault(static folder => File.Exists(Path.Combine(folder, "NuGet.Versioning.dll")));
        Assert.SkipWhen(sdk is null, "There is no .NET SDK here.");
        var context = new AssemblyLoadContext("nuget", isCollectible: false);
        var type = context
            .LoadFromAssemblyPath(Path.Combine(sdk!, "NuGet.Versioning.dll"))
            .GetType("NuGet.Versioning.NuGetVersion")!;
        var parse = type.GetMethod("Parse", [typeof(string)])!;
        object? Read(string text)
        {
            try
            {
                return parse.Invoke(null, [text]);
            }
            catch (System.Reflection.TargetInvocationException caught) when (caught.InnerException is ArgumentException)
            {
                return null;
            }
        }
        var pairs = Pairs(1, [".", ".", ".", "-", "+", "."], ["alpha", "beta", "rc", "Preview", "x-y"]);
        Agree(
            Ecosystem.NuGet,
            pairs,
            [
                .. pairs.Select(pair =>
                    Read(pair.Left) is IComparable left && Read(pair.Right) is { } right
                        ? Math.Sign(left.CompareTo(right))
                        : (int?)null
                ),
            ]
        );
    }

    private static async Task AgreeAsync(
        Ecosystem ecosystem,
        IReadOnlyList<(string Left, string Right)> pairs,
        string program,
        params string[] words
    )
    {
        var lines = await RunAsync([.. pairs.Select(static pair => $"{pair.Left}\t{pair.Right}")], program, words);
        Assert.SkipWhen(lines is ["missing"], $"What compares versions of {ecosystem} is not here.");
        Agree(
            ecosystem,
            pairs,
            [
                .. lines.Select(static line =>
                    int.TryParse(line, CultureInfo.InvariantCulture, out var order) ? order : (int?)null
                ),
            ]
        );
    }

    private static void Agree(
        Ecosystem ecosystem,
        IReadOnlyList<(string Left, string Right)> pairs,
        IReadOnlyList<int?> said
    )
    {
        Assert.Equal(pairs.Count, said.Count);
        var wrong = new List<string>();
        var (compared, none) = (0, 0);
        foreach (var (pair, theirs) in pairs.Zip(said))
        {
            var ours = VersionOrder.Compare(ecosystem, pair.Left, pair.Right);
            if (theirs is null)
            {
                none++;
            }
            else
            {
                compared++;
            }
            // To read more than the tool does is right: advisories write versions loosely.
            if (theirs is not null && (ours is null || Math.Sign(ours.Value) != theirs))
            {
                wrong.Add($"{pair.Left} {pair.Right}: {Word(theirs)}, and not {Word(ours)}");
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{ecosystem}: {compared} pairs compared, {none} pairs are no versions to it, {wrong.Count} in another order"
        );
        Assert.True(compared > pairs.Count / 5, $"only {compared} of {pairs.Count} are versions");
        Assert.Empty(wrong.Take(20));
    }

    private static bool IsPlain(string text) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            text,
            "^[0-9]{1,3}([.][0-9]{1,3}){0,3}(-?(alpha|beta|RC|p|patch|a|b)[0-9]{0,3}|-dev)?$",
            System.Text.RegularExpressions.RegexOptions.NonBacktracking
                | System.Text.RegularExpressions.RegexOptions.ExplicitCapture
        );

    private static string Word(int? order) =>
        order is { } sign ? sign.ToString(CultureInfo.InvariantCulture) : "no order";

    /// <summary>Versions put together from numbers, words and what stands between them; half of the pairs differ in one place.</summary>
    private static List<(string Left, string Right)> Pairs(int numbers, string[] between, string[] words)
    {
        var random = new Random(42);
        string One()
        {
            var text = string.Join('.', Enumerable.Range(0, numbers).Select(_ => Numbers[random.Next(4)]));
            for (var count = random.Next(0, 5); count > 0; count--)
            {
                text +=
                    between[random.Next(between.Length)]
                    + (random.Next(3) == 0 ? words[random.Next(words.Length)] : Numbers[random.Next(Numbers.Length)]);
            }
            return text;
        }
        string Near(string text) =>
            random.Next(4) switch
            {
                0 => text + between[random.Next(between.Length)] + Numbers[random.Next(Numbers.Length)],
                1 => text + between[random.Next(between.Length)] + words[random.Next(words.Length)],
                2 => text + words[random.Next(words.Length)] + Numbers[random.Next(Numbers.Length)],
                _ => text + ".0",
            };
        var pairs = new List<(string, string)>();
        while (pairs.Count < PairsMax)
        {
            var left = One();
            pairs.Add((left, random.Next(2) == 0 ? Near(left) : One()));
        }
        return pairs;
    }

    private static async Task<string[]> RunAsync(string[] input, string program, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, words)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var reading = process.StandardOutput.ReadToEndAsync(RealPeer.Stop);
        foreach (var line in input)
        {
            await process.StandardInput.WriteAsync(line + "\n");
        }
        process.StandardInput.Close();
        var text = await reading;
        await process.WaitForExitAsync(RealPeer.Stop);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
