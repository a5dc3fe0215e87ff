# The mean of a full table, group by seed, as R's mixed models have it. Usage: Rscript against_r.R DATA.csv
# DATA.csv has the columns data, group, seed, value. Prints one line for each data set, with commas between.
suppressPackageStartupMessages({
  library(lmerTest)
  library(pbkrtest)
})
all <- read.csv(commandArgs(trailingOnly = TRUE)[1])
cat("data,estimate,variance,singular,satterthwaite_df,satterthwaite_low,satterthwaite_high,kr_df,kr_variance,kr_low,kr_high,ms_group,ms_seed,ms_rest\n")
for (name in unique(all$data)) {
  some <- all[all$data == name, ]
  some$group <- factor(some$group)
  some$seed <- factor(some$seed)
  fit <- lmer(value ~ 1 + (1 | group) + (1 | seed), data = some, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
  estimate <- fixef(fit)[[1]]
  variance <- vcov(fit)[1, 1]
  satterthwaite <- summary(fit, ddf = "Satterthwaite")$coefficients[1, "df"]
  kr <- summary(fit, ddf = "Kenward-Roger")$coefficients
  half <- qt(0.975, satterthwaite) * sqrt(variance)
  kr_half <- qt(0.975, kr[1, "df"]) * kr[1, "Std. Error"]
  squares <- anova(lm(value ~ group + seed, data = some))[["Mean Sq"]]
  cat(paste(c(name, format(c(
    estimate, variance, as.numeric(isSingular(fit)), satterthwaite, estimate - half, estimate + half,
    kr[1, "df"], kr[1, "Std. Error"]^2, estimate - kr_half, estimate + kr_half, squares
  ), digits = 12, trim = TRUE)), collapse = ","), "\n", sep = "")
}
