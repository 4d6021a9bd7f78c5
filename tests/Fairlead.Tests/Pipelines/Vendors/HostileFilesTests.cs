using CsCheck;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Azure;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Files that are broken, or meant to hurt, are refused in words or read.</summary>
public sealed class HostileFilesTests
{
    [Theory]
    [InlineData("github", "")]
    [InlineData("github", "jobs: 7")]
    [InlineData("github", "jobs: { a: }")]
    [InlineData("github", "a: &a [*a]")]
    [InlineData("github", "a: &a { b: *a }\njobs: { x: *a }")]
    [InlineData("github", "[jobs]")]
    [InlineData("github", "jobs: {a: {runs-on: x, steps: [{run: \"${{\"}, {uses: 7}, 3, {run: [a]}, {}]}}")]
    [InlineData("azure", "")]
    [InlineData("azure", "steps: 7")]
    [InlineData(
        "azure",
        "jobs: [7, { job: a }, { job: a, steps: [7, { bash: }, { task: }, { publish: }, { download: x }] }]"
    )]
    [InlineData(
        "azure",
        "stages: [{ stage: a, dependsOn: [a, b], jobs: { x: y } }, { stage: b, steps: [{ bash: x }] }]"
    )]
    [InlineData("azure", "jobs: [{ job: a, dependsOn: b, steps: [] }, { job: b, dependsOn: a, steps: [] }]")]
    [InlineData("azure", "extends: { template: x.yml }")]
    [InlineData(
        "azure",
        "parameters: [{ name: a, default: '${{ parameters.a }}' }]\nsteps: [{ bash: '${{ parameters.a }}' }]"
    )]
    [InlineData(
        "azure",
        "jobs: [{ job: a, strategy: { matrix: { x: { FAIRLEAD_COMBINATION: y } } }, steps: [{ bash: x }] }]"
    )]
    [InlineData("azure", "variables: { a: $(b)$(b), b: $(a), c: $(c) }\nsteps: [{ bash: $(a) $(c), condition: '((' }]")]
    [InlineData(
        "jenkins",
        "pipeline { agent any\n stages { stage('a') { when\n steps\n } \n stage { parallel } \n stage('b') { matrix\n } } }"
    )]
    [InlineData("circleci", "")]
    [InlineData("circleci", "jobs: { build: 7 }")]
    [InlineData("circleci", "jobs: { build: { steps: [a] } }\ncommands: { a: { steps: [a, a] } }")]
    [InlineData(
        "circleci",
        "jobs: { a: { executor: << parameters.x >>, steps: [{ run: { command: << parameters.y >> } }, { when: 7 }, {}] } }\nworkflows: { w: { jobs: [{ a: { x: [1], requires: [7, {a: b}] } }, [], 3, { a: }] } }"
    )]
    [InlineData("gitlab", "")]
    [InlineData(
        "gitlab",
        "a: { extends: a, script: x }\nb: { extends: [c], script: x }\nc: { extends: b, script: !reference [b, script] }"
    )]
    [InlineData("gitlab", "a: { script: !reference [a, script], rules: !reference [z], needs: { job: a } }")]
    [InlineData("jenkins", "")]
    [InlineData("jenkins", "node { sh 'x' }")]
    [InlineData("jenkins", "pipeline { agent any; stages { stage('a') { steps { sh 'x' } } }")]
    [InlineData("jenkins", "pipeline { stages { stage('a') { steps { sh 'x } } } }")]
    [InlineData("jenkins", "pipeline { stages { stage() { steps { sh(] } } } }")]
    [InlineData(
        "jenkins",
        "pipeline { agent {}\nstages { stage { } ; x ; stage('a') { when { } environment { A = } steps { sh() ; dir { sh 'x' } } } } }"
    )]
    [InlineData(
        "jenkins",
        "pipeline { stages { stage('a') { matrix { axes { axis { name 'A' ; values 'x' } axis { name 'A' ; values 'y' } } stages { stage('b') { steps { sh 'x' } } } } } } }"
    )]
    [InlineData(
        "gitlab",
        "default: 7\nvariables: [x]\na: { script: { b: c }, parallel: { matrix: [x, { Y: { z: 1 } }] }, cache: [], only: { x: 1 } }"
    )]
    [InlineData(
        "gitlab",
        "a: { script: x, image: b, services: [{ name: 'postgres:17', variables: { POSTGRES_PASSWORD: 's${{ecret' } }] }"
    )]
    [InlineData(
        "circleci",
        "jobs: { build: { docker: [{ image: a }, { image: 'postgres:17', environment: { POSTGRES_PASSWORD: 's${{ecret' } }], steps: [{ run: x }] } }"
    )]
    public void Broken_and_hostile_files_are_refused_or_read(string system, string text) =>
        VendorFiles.Survives(system, text);

    [Fact]
    public void A_bomb_of_anchors_is_refused()
    {
        var bomb =
            "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 9)
                    .Select(static at => $"a{at}: &a{at} [{string.Join(", ", Enumerable.Repeat($"*a{at - 1}", 9))}]\n")
            );
        // A Jenkinsfile is no YAML, and has no anchors.
        foreach (var read in AllVendors.All.Where(static one => one.Name != "jenkins").Select(static one => one.Read))
        {
            var found = Assert.Throws<ProblemException>(() =>
                read($"{bomb}jobs: {{ a: *a9 }}\n", "file", static _ => null)
            );
            Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
        }
    }

    [Fact]
    public void Templates_that_hold_each_other_or_grow_are_refused()
    {
        var found = Assert.Throws<ProblemException>(static () =>
            AzureImport.Run(
                "steps: [{ template: a.yml }]",
                "file",
                static _ => "steps: [{ template: a.yml }, { template: a.yml }]"
            )
        );
        Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
        const string Growing = """
            parameters: { x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
            steps:
            - ${{ each a in parameters.x }}:
              - ${{ each b in parameters.x }}:
                - ${{ each c in parameters.x }}:
                  - ${{ each d in parameters.x }}:
                    - ${{ each e in parameters.x }}:
                      - bash: echo ${{ a }} ${{ e }}
            """;
        found = Assert.Throws<ProblemException>(static () => AzureImport.Run(Growing, "file", static _ => null));
        Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
    }

    [Fact]
    public void Files_with_slips_are_refused_or_read()
    {
        string[] files =
        [
            "azure/hard.yml",
            "azure/stages.yml",
            "azure/templates.yml",
            "azure/variables.yml",
            "github/node-ci.yml",
            "github/hard.yml",
            "gitlab/stages.yml",
            "circleci/node.yml",
            "circleci/reuse.yml",
            "circleci/filters.yml",
            "jenkins/library.Jenkinsfile",
            "jenkins/maven.Jenkinsfile",
            "jenkins/parallel.Jenkinsfile",
        ];
        Gen.Select(
                Gen.Int[0, files.Length - 1],
                Gen.Int[0, 4_000],
                Gen.Int[0, 4],
                AnyPipeline.Of(
                    "",
                    "  ",
                    ":",
                    "- ",
                    "$",
                    "${{",
                    "}}",
                    "[",
                    "!",
                    "&a ",
                    "*a",
                    "\n",
                    "''",
                    "\"",
                    "0",
                    "null",
                    "{",
                    "}",
                    "'''"
                )
            )
            .Sample(
                (file, at, length, text) =>
                {
                    var whole = File.ReadAllText(Path.Combine(VendorFiles.Folder, "Golden", files[file]));
                    at %= whole.Length;
                    VendorFiles.Survives(
                        files[file].Split('/')[0],
                        whole[..at] + text + whole[Math.Min(whole.Length, at + length)..]
                    );
                },
                iter: 3_000
            );
    }

    [Fact]
    public void Files_that_include_each_other_are_read_once_each()
    {
        var read = GitLab(
            "include: b.yml\na: { script: x }",
            static name =>
                name == "/b.yml" ? "include: .gitlab-ci.yml\nb: { script: y }" : "include: b.yml\na: { script: x }"
        );

        Assert.Equal(["a", "b"], read.Pipeline.Jobs.Select(static one => one.Name).Order());
    }

    [Fact]
    public void A_file_that_includes_itself_a_hundred_times_by_other_names_is_refused_and_takes_no_time()
    {
        var number = 0;
        var caught = Assert.Throws<ProblemException>(() =>
            GitLab(Names(0), _ => $"{Names(++number)}\nx: [{string.Join(", ", Enumerable.Repeat("a", 20_000))}]\n")
        );

        Assert.All(caught.Problems, static one => Assert.StartsWith("manifest.", one.Code, StringComparison.Ordinal));
        Assert.InRange(number, 1, 150);

        static string Names(int of) =>
            $"include: [{string.Join(", ", Enumerable.Range(0, 100).Select(one => $"f{of}-{one}.yml"))}]";
    }

    private static ImportedPipeline GitLab(string text, Func<string, string?> other) =>
        AllVendors.Find("gitlab")!.Read!(text, "file", other);
}
