using System.Globalization;
using CsCheck;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines;

/// <summary>Pipelines of every kind, for properties.</summary>
internal static class AnyPipeline
{
    private static readonly string[] Texts =
    [
        "plain",
        "two words",
        "yes",
        "22",
        "1.10",
        "a: b",
        "# no comment",
        "it's \"quoted\" \\ so",
        "- dash",
        "tab\tand é ß",
        "{ a }",
        "*star",
        "null",
        " spaces ",
        "trailing:",
        "\u0007\u2028",
    ];

    private static readonly string[] Scripts =
    [
        "npm ci",
        "npm ci\nnpm test\n",
        "echo one\n\n  echo two: three # four\n",
        "echo \"${HOME}\" | tee 'log'",
        "a\nb",
        "\techo tab\nx\n",
        "  indented\nless\n",
        "ends \nwith space\n",
        "two\n\n\n",
    ];

    private static readonly Gen<string> Text = Of(Texts);

    private static readonly Gen<Dictionary<string, string>> Env = Gen.Select(
        Gen.Bool,
        Text,
        static (has, text) => has ? new Dictionary<string, string> { ["LEVEL"] = text, ["_B2"] = "x" } : []
    );

    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static readonly Gen<Act> Work = Gen.OneOf<Act>(
        Gen.Select(Of("sh", "bash", "python3"), Of(Scripts), static (shell, text) => (Act)new Act.Script(shell, text)),
        Text.Array[0, 3].Select(static words => (Act)new Act.Command(["npm", .. words])),
        Gen.Const((Act)new Act.Deploy("staging")),
        Gen.Const((Act)new Act.Foreign("github", "uses: a/b@v1\nwith:\n  x: 1\n"))
    );

    private static readonly Gen<JobTask> Task =
        from act in Work
        from env in Env
        from title in Text.Null()
        from inputs in Of<string[]?>(null, ["src/**", "!src/x"])
        from outputs in Of<string[]>([], ["dist/**"], ["a.txt", "b/**"])
        from more in Gen.Select(
            Gen.Int[0, 3],
            Gen.Bool,
            Gen.Bool,
            Of<TimeSpan?>(null, TimeSpan.FromSeconds(90), TimeSpan.FromDays(1))
        )
        from condition in Of<string?>(null, "branch == 'main'", "always()")
        select new JobTask
        {
            Name = "task-1",
            Act = act,
            Env = env,
            Title = title,
            Inputs = inputs,
            Outputs = outputs,
            Retries = more.Item1,
            MayFail = more.Item2,
            IsOnce = more.Item3,
            Timeout = more.Item4,
            If = condition,
            Folder = more.Item2 ? "sub/folder" : ".",
            Reports = more.Item3 ? ["r.xml"] : [],
        };

    private static readonly Gen<Job> Job =
        from tasks in Task.Array[1, 3]
        from env in Env
        from title in Text.Null()
        from kind in Gen.Int[0, 5]
        from matrix in Of<Matrix?>(
            null,
            new Matrix([new("node", ["20", "22"]), new("os", ["linux", "yes"])], [], [])
            {
                FailsFast = false,
                Parallel = 2,
            },
            new Matrix(
                [new("node", ["1.10"])],
                [new Dictionary<string, string> { ["node"] = "24", ["extra"] = "a: b" }],
                [new Dictionary<string, string> { ["node"] = "1.10" }]
            )
        )
        select new Job
        {
            Name = "job",
            Title = title,
            Matrix = matrix,
            Shards =
                kind == 0 && tasks.All(static one => one is { IsOnce: false, Outputs.Count: 0 })
                    ? new(3) { Files = matrix is null ? ["src/**", "!src/slow"] : [] }
                    : null,
            Env = env,
            Secrets = kind == 1 ? ["TOKEN"] : [],
            Tools =
                kind == 2
                    ? new Dictionary<string, string> { ["node"] = "22", ["go"] = "1.24" }
                    : new Dictionary<string, string>(),
            Machine = kind == 3 ? "windows" : "linux",
            Image = kind == 4 ? "node:22" : null,
            Services =
                kind == 5
                    ?
                    [
                        new("db", "postgres:17", [5432])
                        {
                            Env = new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = "x" },
                            Ready = ["pg_isready", "-U", "a b"],
                        },
                    ]
                    : [],
            Caches = kind == 2 ? [new(["~/.npm", "x"], ["package-lock.json"])] : [],
            Environment = kind == 1 ? "production" : null,
            Manual = kind == 1,
            MayFail = kind == 3,
            Timeout = TimeSpan.FromMinutes(kind == 0 ? 60 : 45),
            Cores = kind == 4 ? 2 : 1,
            IsApart = kind > 2,
            If = kind == 5 ? "success() && tag != ''" : null,
            Tasks =
            [
                .. tasks.Select(
                    static (task, at) =>
                        at % 2 == 0
                            ? task with
                            {
                                Name = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}"),
                            }
                            : task with
                            {
                                Name = "named",
                            }
                ),
            ],
        };

    public static Gen<Pipeline> All { get; } =
        from jobs in Job.Array[1, 4]
        from env in Env
        from kind in Gen.Int[0, 3]
        select new Pipeline
        {
            Name = kind == 0 ? "ci" : "nightly",
            Env = env,
            On = kind switch
            {
                0 => new() { Push = ["**"], Change = ["**"] },
                1 => new(),
                2 => new()
                {
                    Push = ["main", "release/*"],
                    Change = ["**"],
                    Tag = ["v*"],
                    Schedule = ["0 4 * * 1"],
                    Manual = true,
                },
                _ => new() { Manual = true },
            },
            Quarantine =
                kind == 2
                    ?
                    [
                        new("shop.*: \"x\" # y", "it's Anna", new DateOnly(2027, 3, 31), "a: b"),
                        new("b", "b", default, "c"),
                    ]
                    : [],
            Concurrency = kind switch
            {
                0 => null,
                1 => new("deploy", CancelsOlder: false),
                _ => new("ci-${{ ref }}", CancelsOlder: true),
            },
            Jobs =
            [
                .. jobs.Select(
                    static (job, at) =>
                        job with
                        {
                            Name = string.Create(CultureInfo.InvariantCulture, $"job-{at}"),
                            Needs = at == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"job-{at - 1}")],
                        }
                ),
            ],
        };
}
