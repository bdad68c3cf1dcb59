using System.Globalization;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>The plan of a job: its vertices with their operators, and the edges between them.</summary>
internal static class PlanPage
{
    public static void Write(Terminal terminal, JobGraph plan)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"Job    {plan.Name}");
        output.WriteLine($"Mode   {Texts.Word(plan.Settings.Mode)}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Needs  {Texts.Count(JobSubmitter.SlotsOf(plan), "slot")} for "
            + $"{Texts.Count(plan.Vertices.Sum(vertex => vertex.Parallelism), "task")}"));
        for (int index = 0; index < plan.Vertices.Length; index++)
        {
            WriteVertex(terminal, plan, index);
        }

        foreach (string warning in plan.Warnings)
        {
            output.WriteLine();
            output.WriteLine($"Warning: {warning}");
        }
    }

    public static object ToJson(JobGraph plan) => new
    {
        plan.Name,
        plan.Settings.Mode,
        Slots = JobSubmitter.SlotsOf(plan),
        Vertices = plan.Vertices.Select(vertex => new
        {
            Id = vertex.Id.ToString(),
            vertex.Name,
            vertex.Parallelism,
            vertex.MaxParallelism,
            vertex.SlotSharingGroup,
            Operators = vertex.Operators.Select(step => new
            {
                Id = step.Id.ToString(),
                step.Name,
                step.Kind,
                step.Uid,
                step.OutputType,
            }),
        }),
        Edges = plan.Edges.Select(edge => new
        {
            From = edge.From.ToString(),
            FromOperator = edge.FromOperator.ToString(),
            To = edge.To.ToString(),
            edge.Input,
            edge.Partitioner,
        }),
        plan.Warnings,
    };

    private static void WriteVertex(Terminal terminal, JobGraph plan, int index)
    {
        JobVertex vertex = plan.Vertices[index];
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[{index + 1}] {vertex.Name}  (parallelism {vertex.Parallelism}, slot sharing group "
            + $"'{vertex.SlotSharingGroup}')"));
        foreach (JobEdge edge in plan.Edges.Where(edge => edge.To == vertex.Id))
        {
            terminal.Output.WriteLine($"    <- [{NumberOf(plan, edge.From)}] by {Texts.Word(edge.Partitioner)}");
        }

        Table table = Terminal.CreateTable("    OPERATOR", "ID", "KIND", "UID", "RECORDS");
        foreach (JobOperator step in vertex.Operators)
        {
            string[] cells = ["    " + step.Name, step.Id.ToString(), step.Kind, step.Uid ?? "-", step.OutputType];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        terminal.Console.Write(table);
    }

    private static int NumberOf(JobGraph plan, VertexId id)
    {
        for (int index = 0; index < plan.Vertices.Length; index++)
        {
            if (plan.Vertices[index].Id == id)
            {
                return index + 1;
            }
        }

        throw new KeyNotFoundException($"The plan of '{plan.Name}' has an edge from {id}, which is no vertex of it.");
    }
}
