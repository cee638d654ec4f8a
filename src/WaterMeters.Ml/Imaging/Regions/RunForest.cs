namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Which runs of pixels belong together: disjoint sets, joined by size, with path halving (R.E. Tarjan, J. van Leeuwen,
/// "Worst-case analysis of set union algorithms", 1984). Four bytes a run: a root holds its set's pixels as a negative
/// number, any other run the index of its parent.
/// </summary>
internal sealed class RunForest
{
    private int[] parents = [];

    /// <summary>How many runs there is room for.</summary>
    public int Capacity => parents.Length;

    /// <summary>Makes room for runs up to index <paramref name="capacity"/> - 1; what is there stays. Less room than before gives memory back.</summary>
    public void Resize(int capacity) => Array.Resize(ref parents, capacity);

    /// <summary>Makes run <paramref name="run"/> a set of its own.</summary>
    public void Add(int run, int pixels) => parents[run] = -pixels;

    /// <summary>Whether the run stands for its set.</summary>
    public bool IsRoot(int run) => parents[run] < 0;

    /// <summary>Pixels of the set that root <paramref name="root"/> stands for.</summary>
    public int Pixels(int root) => -parents[root];

    /// <summary>The root of the set the run is in.</summary>
    public int Root(int run)
    {
        int parent = parents[run];
        while (parent >= 0)
        {
            int above = parents[parent];
            if (above < 0) return parent;

            parents[run] = above;
            run = above;
            parent = parents[run];
        }

        return run;
    }

    /// <summary>Makes one set of the sets of two runs.</summary>
    public void Join(int first, int second)
    {
        int a = Root(first), b = Root(second);
        if (a == b) return;

        if (parents[a] > parents[b]) (a, b) = (b, a);
        parents[a] += parents[b];
        parents[b] = a;
    }
}
