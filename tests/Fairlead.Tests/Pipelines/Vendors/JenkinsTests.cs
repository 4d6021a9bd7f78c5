using System.Globalization;
using CsCheck;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Jenkins;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Jenkins, both ways, with what looks like something else to it.</summary>
public sealed class JenkinsTests
{
    /// <summary>What Jenkins can say, and we can read again.</summary>
    private static readonly Gen<Pipeline> OfJenkins =
        from scripts in AnyPipeline
            .Of("npm ci", "npm ci\nnpm test\n", "a | tee 'b' \\; c\n", "echo \"$HOME\" '''x''' \\u0041", "echo x\n")
            .Array[1, 3]
        from kind in Gen.Int[0, 5]
        select new Pipeline
        {
            Name = "ci",
            On = new()
            {
                Push = ["**"],
                Tag = ["**"],
                Change = ["**"],
                Schedule = kind == 1 ? ["0 4 * * 1", "30 5 * * *"] : [],
                Manual = true,
            },
            Env = new Dictionary<string, string> { ["LEVEL"] = kind == 2 ? "it's $5 \\ \"x\"" : "1.10" },
            Concurrency = kind == 3 ? new("${{ ref }}", CancelsOlder: true) : null,
            Jobs =
            [
                VendorFiles.Named(
                    new Job
                    {
                        Name = "first",
                        IsApart = true,
                        If = kind == 2 ? "branch == 'main'" : null,
                        Timeout = TimeSpan.FromMinutes(20),
                        Machine = kind == 4 ? "big" : "linux",
                        Image = kind == 5 ? "node:22" : null,
                        Secrets = ["TOKEN"],
                        Tasks =
                        [
                            .. scripts.Select(
                                (text, at) =>
                                    new JobTask
                                    {
                                        Name = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}"),
                                        Title = at == 0 ? "It's \"first\"" : null,
                                        Act = new Act.Script(at == 1 ? "bash" : "sh", text),
                                        Env =
                                            at == 1
                                                ? new Dictionary<string, string> { ["A"] = "$x ${y} '" }
                                                : new Dictionary<string, string>(),
                                        Folder = at == 1 ? "sub/folder" : ".",
                                        Timeout = at == 2 ? TimeSpan.FromSeconds(300) : null,
                                        Retries = at == 0 ? 3 : 0,
                                        MayFail = at == 2,
                                        Outputs = at == scripts.Length - 1 ? ["dist/**", "!dist/x"] : [],
                                        Reports = at == scripts.Length - 1 ? ["out/*.xml"] : [],
                                    }
                            ),
                        ],
                    }
                ),
                new()
                {
                    Name = "second",
                    Needs = ["first"],
                    If = kind == 2 ? "!failure() && !cancelled()" : null,
                    IsApart = true,
                    Manual = kind == 1,
                    Timeout = TimeSpan.FromHours(1),
                    Tasks = [new() { Name = "second", Act = new Act.Script("sh", "./deploy.sh") }],
                },
            ],
        };

    [Fact]
    public void What_is_written_for_Jenkins_is_read_as_the_same_pipeline() =>
        OfJenkins.Sample(
            static pipeline =>
            {
                var exported = JenkinsExport.Run(pipeline, ExportMode.Native);
                var again = JenkinsImport.Run(exported.Text, "ci");
                Assert.Equal(
                    $"{exported.Text}\n{PipelineText.Of(pipeline)}",
                    $"{exported.Text}\n{PipelineText.Of(again.Pipeline)}"
                );
            },
            iter: 1_000
        );

    [Fact]
    public void What_looks_like_something_else_to_Jenkins_or_its_shell_stays_what_it_is()
    {
        var exported = JenkinsExport.Run(
            PipelineReader.Read(
                """
                on: { push: [main] }
                env: { LEVEL: "$HOME ${x} it's \\ \"so\"", WHERE: "on ${{ branch }}" }
                jobs:
                  first:
                    title: "'); evil(); ('"
                    matrix: { axes: { class: ["it's", "$A \\u0041"], os: [linux, "x'] }"] } }
                    machine: ${{ matrix.os }}
                    services: { db: { image: "postgres:17", ports: [5432], env: { P: "x'; rm -rf ~" }, ready: "sh -c \"exit '0'\"" } }
                    tasks:
                      - run: [echo, "${{ matrix.class }}", "$(date) $HOME", "it's ${{ env.LEVEL }} `$x` ${{ branch }}"]
                      - script: "echo ''' \\\\ $PWD ${{ commit }}\n/* \\u000a\n"
                        env: { A: "$B ${{ env.WHERE }}" }
                        if: "matrix.class == 'it''s' && tag != '' && event == 'push'"
                        retries: 2
                        timeout: 90s
                        mayFail: true
                        folder: "a'b"
                      - { shell: pwsh, script: "echo ${{ commit }}", title: "a 'b'" }
                      - { shell: python3, script: "print('${{ commit }}')" }
                  after: { needs: first, if: "always() && target == 'ma''in'", script: "true" }
                """
            ),
            ExportMode.Native
        );
        var notes = exported.Notes.Select(static one => $"// {one.Where} {one.Fate}: {one.What} {one.Note}\n");
        VendorFiles.Same(
            Path.Combine("Exports", "jenkins-hostile.Jenkinsfile"),
            $"{exported.Text}\n{string.Concat(notes)}"
        );
    }

    [Fact]
    public void A_text_in_a_Jenkinsfile_is_read_as_it_was_written() =>
        Gen.String.Sample(
            static text =>
            {
                var read = GroovyReader.Read($"echo {GroovyText.Quoted(text)}\n", new Findings("file"));
                Assert.Equal(text, Assert.Single(read!).Text());
            },
            iter: 5_000
        );
}
