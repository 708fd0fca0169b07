"""Labels of MeSH descriptors: of those the vocabulary refers to, and of narrower ones it has no concept for.

Bibliographic records print labels, the vocabulary gives numbers. The second table adds descriptors that stand below a
concept (by the MeSH tree), each mapped to the nearest concept of which it is truly a kind: "Leukemia, Promyelocytic,
Acute" is acute myeloid leukaemia, while "Liver Cirrhosis, Biliary" or "Lymphocyte Depletion" would not be what our
concepts say, and are left out. Tests hold both tables against MeSH itself.
"""

from __future__ import annotations

from typing import Final

#: Number and preferred label of each descriptor that the vocabulary's cross-references name.
LABELS: Final = """
D000068818 Cetuximab
D000068878 Trastuzumab
D000068884 Immunosenescence
D000069283 Rituximab
D000075122 Smoldering Multiple Myeloma
D000076962 Receptors, Chimeric Antigen
D000077274 Nasopharyngeal Carcinoma
D000077733 Immunoglobulin G4-Related Disease
D000080424 Cytokine Release Syndrome
D000082082 Immune Checkpoint Inhibitors
D000086382 COVID-19
D000089802 Chronic Limb-Threatening Ischemia
D000093284 Non-Muscle Invasive Bladder Neoplasms
D000095542 Cytopenia
D000375 Aging
D000544 Alzheimer Disease
D000690 Amyotrophic Lateral Sclerosis
D000938 Antigen-Presenting Cells
D000998 Antiviral Agents
D001172 Arthritis, Rheumatoid
D001327 Autoimmune Diseases
D001500 BCG Vaccine
D001661 Biliary Tract Neoplasms
D001749 Urinary Bladder Neoplasms
D001943 Breast Neoplasms
D002289 Carcinoma, Non-Small-Cell Lung
D002292 Carcinoma, Renal Cell
D002363 Case Reports
D002460 Cell Line
D002583 Uterine Cervical Neoplasms
D003160 Comparative Study
D003430 Cross-Sectional Studies
D003452 Cryosurgery
D003586 Cytomegalovirus Infections
D003643 Death
D004067 Digestive System Neoplasms
D004938 Esophageal Neoplasms
D005221 Fatigue
D005312 Fetal Blood
D005334 Fever
D005833 Genital Neoplasms, Female
D005909 Glioblastoma
D005910 Glioma
D005922 Glomerulonephritis, IGA
D006086 Graft vs Host Disease
D006258 Head and Neck Neoplasms
D006333 Heart Failure
D006412 Hematopoietic Stem Cells
D006461 Hemolysis
D006509 Hepatitis B
D006526 Hepatitis C
D006528 Carcinoma, Hepatocellular
D006689 Hodgkin Disease
D006760 Hospitalization
D007153 Immunologic Deficiency Syndromes
D007165 Immunosuppression Therapy
D007239 Infections
D007376 Interleukin-2
D007592 Joint Diseases
D007674 Kidney Diseases
D007694 Killer Cells, Natural
D007938 Leukemia
D007952 Leukemia, Plasma Cell
D008103 Liver Cirrhosis
D008113 Liver Neoplasms
D008175 Lung Neoplasms
D008180 Lupus Erythematosus, Systemic
D008223 Lymphoma
D008224 Lymphoma, Follicular
D008228 Lymphoma, Non-Hodgkin
D008232 Lymphoproliferative Disorders
D008258 Waldenstrom Macroglobulinemia
D008545 Melanoma
D008654 Mesothelioma
D008659 Metabolic Diseases
D009101 Multiple Myeloma
D009157 Myasthenia Gravis
D009190 Myelodysplastic Syndromes
D009203 Myocardial Infarction
D009243 NAD
D009362 Neoplasm Metastasis
D009369 Neoplasms
D009404 Nephrotic Syndrome
D009447 Neuroblastoma
D010006 Osteoblasts
D010020 Osteonecrosis
D010051 Ovarian Neoplasms
D010190 Pancreatic Neoplasms
D010920 Placenta
D011471 Prostatic Neoplasms
D011565 Psoriasis
D011878 Radiotherapy
D012128 Respiratory Distress Syndrome
D012208 Rhabdomyosarcoma
D012509 Sarcoma
D012512 Sarcoma, Ewing
D012516 Osteosarcoma
D012595 Scleroderma, Systemic
D012878 Skin Neoplasms
D013119 Spinal Cord Injuries
D013274 Stomach Neoplasms
D013514 Surgical Procedures, Operative
D013584 Sarcoma, Synovial
D013601 T-Lymphocytes
D013953 Thymus Neoplasms
D013964 Thyroid Neoplasms
D014376 Tuberculosis
D014565 Urogenital Neoplasms
D014777 Virus Diseases
D015179 Colorectal Neoplasms
D015266 Carcinoma, Merkel Cell
D015331 Cohort Studies
D015433 Glomerulonephritis, Membranous
D015451 Leukemia, Lymphocytic, Chronic, B-Cell
D015459 Leukemia-Lymphoma, Adult T-Cell
D015461 Leukemia, Prolymphocytic, T-Cell
D015464 Leukemia, Myelogenous, Chronic, BCR-ABL Positive
D015470 Leukemia, Myeloid, Acute
D015477 Leukemia, Myelomonocytic, Chronic
D015658 HIV Infections
D015979 Killer Cells, Lymphokine-Activated
D016066 Pleural Effusion, Malignant
D016178 Granulocyte-Macrophage Colony-Stimulating Factor
D016207 Cytokines
D016246 Lymphocytes, Tumor-Infiltrating
D016393 Lymphoma, B-Cell
D016399 Lymphoma, T-Cell
D016403 Lymphoma, Large B-Cell, Diffuse
D016449 Randomized Controlled Trial
D016470 Bacteremia
D016543 Central Nervous System Neoplasms
D016553 Purpura, Thrombocytopenic, Idiopathic
D016609 Neoplasms, Second Primary
D016736 Antiphospholipid Syndrome
D016889 Endometrial Neoplasms
D017563 Lung Diseases, Interstitial
D018358 Neuroendocrine Tumors
D018365 Neoplasm, Residual
D018380 Hematopoietic Stem Cell Transplantation
D018442 Lymphoma, B-Cell, Marginal Zone
D018805 Sepsis
D019337 Hematologic Neoplasms
D019782 Riluzole
D019902 Chondrocytes
D020031 Epstein-Barr Virus Infections
D020258 Neurotoxicity Syndromes
D020522 Lymphoma, Mantle-Cell
D029424 Pulmonary Disease, Chronic Obstructive
D032448 Myoblasts, Skeletal
D054066 Leukemia, Large Granular Lymphocytic
D054198 Precursor Cell Lymphoblastic Leukemia-Lymphoma
D054218 Precursor T-Cell Lymphoblastic Leukemia-Lymphoma
D054391 Lymphoma, Extranodal NK-T-Cell
D054429 Leukemia, Myelomonocytic, Juvenile
D055354 Exosomes
D055611 Natural Killer T-Cells
D055612 Cytokine-Induced Killer Cells
D055752 Small Cell Lung Carcinoma
D056648 Anti-Neutrophil Cytoplasmic Antibody-Associated Vasculitis
D059350 Chronic Pain
D059630 Mesenchymal Stem Cells
D061349 Unrelated Donors
D061988 Proteasome Inhibitors
D064129 Prostatic Neoplasms, Castration-Resistant
D064368 Healthy Volunteers
D064726 Triple Negative Breast Neoplasms
"""

#: Number, label and ``facet:concept`` of descriptors narrower than a concept.
NARROWER: Final = """
D003713 Dendritic Cells = cell_type:apc
D000072916 Peripheral Blood Stem Cells = cell_type:hspc
D015496 CD4-Positive T-Lymphocytes = cell_type:t-cell
D018414 CD8-Positive T-Lymphocytes = cell_type:t-cell
D013602 T-Lymphocytes, Cytotoxic = cell_type:t-cell
D050378 T-Lymphocytes, Regulatory = cell_type:t-cell
D018796 Immunoconjugates = combination:adc
D018033 Antibodies, Bispecific = combination:antibody
D000911 Antibodies, Monoclonal = combination:antibody
D061067 Antibodies, Monoclonal, Humanized = combination:antibody
D019380 Anti-HIV Agents = combination:antiviral
D044966 Anti-Retroviral Agents = combination:antiviral
D000074324 Ipilimumab = combination:checkpoint-inhibitor
D000077594 Nivolumab = combination:checkpoint-inhibitor
D016179 Granulocyte Colony-Stimulating Factor = combination:cytokine
D016898 Interferon-alpha = combination:cytokine
D007371 Interferon-gamma = combination:cytokine
D018664 Interleukin-12 = combination:cytokine
D016461 Chemoembolization, Therapeutic = combination:embolisation
D004621 Embolization, Therapeutic = combination:embolisation
D000075442 Transplantation, Haploidentical = combination:haplo-transplant
D019409 Interleukin-15 = combination:il-15
D000077269 Lenalidomide = combination:immunomodulatory-drug
D013792 Thalidomide = combination:immunomodulatory-drug
D000069286 Bortezomib = combination:proteasome-inhibitor
D016026 Bone Marrow Transplantation = combination:transplant
D036101 Cord Blood Stem Cell Transplantation = combination:transplant
D036102 Peripheral Blood Stem Cell Transplantation = combination:transplant
D019496 Cancer Vaccines = combination:vaccine
D015456 Leukemia, Biphenotypic, Acute = indication:acute-leukaemia
D000073496 Frailty = indication:aging-frailty
D015471 Leukemia, Basophilic, Acute = indication:aml
D015472 Leukemia, Eosinophilic, Acute = indication:aml
D004915 Leukemia, Erythroblastic, Acute = indication:aml
D007947 Leukemia, Megakaryoblastic, Acute = indication:aml
D007948 Leukemia, Monocytic, Acute = indication:aml
D015479 Leukemia, Myelomonocytic, Acute = indication:aml
D015473 Leukemia, Promyelocytic, Acute = indication:aml
D014890 Granulomatosis with Polyangiitis = indication:anca-vasculitis
D055953 Microscopic Polyangiitis = indication:anca-vasculitis
D015535 Arthritis, Psoriatic = indication:autoimmune-disease
D003922 Diabetes Mellitus, Type 1 = indication:autoimmune-disease
D009103 Multiple Sclerosis = indication:autoimmune-disease
D009471 Neuromyelitis Optica = indication:autoimmune-disease
D005271 Femur Head Necrosis = indication:avascular-necrosis
D015452 Precursor B-Cell Lymphoblastic Leukemia-Lymphoma = indication:b-all
D002051 Burkitt Lymphoma = indication:b-nhl
D054685 Lymphoma, Primary Effusion = indication:b-nhl
D000069293 Plasmablastic Lymphoma = indication:b-nhl
D001932 Brain Neoplasms = indication:brain-tumour
D020295 Brain Stem Neoplasms = indication:brain-tumour
D002528 Cerebellar Neoplasms = indication:brain-tumour
D015192 Infratentorial Neoplasms = indication:brain-tumour
D015173 Supratentorial Neoplasms = indication:brain-tumour
D000071960 Breast Carcinoma In Situ = indication:breast-cancer
D018567 Breast Neoplasms, Male = indication:breast-cancer
D018270 Carcinoma, Ductal, Breast = indication:breast-cancer
D018275 Carcinoma, Lobular = indication:breast-cancer
D058922 Inflammatory Breast Neoplasms = indication:breast-cancer
D001859 Bone Neoplasms = indication:cancer
D009373 Neoplasms, Germ Cell and Embryonal = indication:cancer
D001650 Bile Duct Neoplasms = indication:cholangiocarcinoma
D018281 Cholangiocarcinoma = indication:cholangiocarcinoma
D005706 Gallbladder Neoplasms = indication:cholangiocarcinoma
D018285 Klatskin Tumor = indication:cholangiocarcinoma
D008104 Liver Cirrhosis, Alcoholic = indication:cirrhosis
D001752 Blast Crisis = indication:cml
D015465 Leukemia, Myeloid, Accelerated Phase = indication:cml
D015466 Leukemia, Myeloid, Chronic-Phase = indication:cml
D003110 Colonic Neoplasms = indication:colorectal-cancer
D012004 Rectal Neoplasms = indication:colorectal-cancer
D012811 Sigmoid Neoplasms = indication:colorectal-cancer
D001005 Anus Neoplasms = indication:digestive-cancer
D005770 Gastrointestinal Neoplasms = indication:digestive-cancer
D007414 Intestinal Neoplasms = indication:digestive-cancer
D002295 Carcinoma, Transitional Cell = indication:genitourinary-cancer
D007680 Kidney Neoplasms = indication:genitourinary-cancer
D014516 Ureteral Neoplasms = indication:genitourinary-cancer
D014571 Urologic Neoplasms = indication:genitourinary-cancer
D018316 Gliosarcoma = indication:glioblastoma
D001254 Astrocytoma = indication:glioma
D000080443 Diffuse Intrinsic Pontine Glioma = indication:glioma
D009837 Oligodendroglioma = indication:glioma
D020339 Optic Nerve Glioma = indication:glioma
D005185 Fallopian Tube Neoplasms = indication:gynaecological-cancer
D014594 Uterine Neoplasms = indication:gynaecological-cancer
D014625 Vaginal Neoplasms = indication:gynaecological-cancer
D014846 Vulvar Neoplasms = indication:gynaecological-cancer
D054219 Neoplasms, Plasma Cell = indication:haematological-malignancy
D010954 Plasmacytoma = indication:haematological-malignancy
D000741 Anemia, Aplastic = indication:haematopoietic-disorder
D007012 Hypopharyngeal Neoplasms = indication:head-neck-cancer
D007822 Laryngeal Neoplasms = indication:head-neck-cancer
D009062 Mouth Neoplasms = indication:head-neck-cancer
D009303 Nasopharyngeal Neoplasms = indication:head-neck-cancer
D009959 Oropharyngeal Neoplasms = indication:head-neck-cancer
D010039 Otorhinolaryngologic Neoplasms = indication:head-neck-cancer
D010610 Pharyngeal Neoplasms = indication:head-neck-cancer
D012468 Salivary Gland Neoplasms = indication:head-neck-cancer
D000077195 Squamous Cell Carcinoma of Head and Neck = indication:head-neck-cancer
D014062 Tongue Neoplasms = indication:head-neck-cancer
D054144 Heart Failure, Diastolic = indication:heart-failure
D054143 Heart Failure, Systolic = indication:heart-failure
D019694 Hepatitis B, Chronic = indication:hepatitis-b
D019698 Hepatitis C, Chronic = indication:hepatitis-c
D000163 Acquired Immunodeficiency Syndrome = indication:hiv
D006679 HIV Seropositivity = indication:hiv
D000081207 Primary Immunodeficiency Diseases = indication:immunodeficiency
D016511 Severe Combined Immunodeficiency = indication:immunodeficiency
D054990 Idiopathic Pulmonary Fibrosis = indication:interstitial-lung-disease
D011658 Pulmonary Fibrosis = indication:interstitial-lung-disease
D010003 Osteoarthritis = indication:joint-disease
D015207 Osteoarthritis, Hip = indication:joint-disease
D020370 Osteoarthritis, Knee = indication:joint-disease
D003928 Diabetic Nephropathies = indication:kidney-disease
D007676 Kidney Failure, Chronic = indication:kidney-disease
D051436 Renal Insufficiency, Chronic = indication:kidney-disease
D007945 Leukemia, Lymphoid = indication:leukaemia
D007946 Leukemia, Mast-Cell = indication:leukaemia
D015463 Leukemia, Prolymphocytic = indication:leukaemia
D015458 Leukemia, T-Cell = indication:leukaemia
D015448 Leukemia, B-Cell = indication:leukaemia indication:b-cell-malignancy
D007943 Leukemia, Hairy Cell = indication:leukaemia indication:b-cell-malignancy
D054403 Leukemia, Prolymphocytic, B-Cell = indication:leukaemia indication:b-cell-malignancy
D018197 Hepatoblastoma = indication:liver-cancer
D001984 Bronchial Neoplasms = indication:lung-cancer
D002283 Carcinoma, Bronchogenic = indication:lung-cancer
D008181 Lupus Nephritis = indication:lupus
D058617 Composite Lymphoma = indication:lymphoma
D016483 Lymphoma, AIDS-Related = indication:lymphoma
D000753 Anemia, Refractory = indication:mds
D000754 Anemia, Refractory, with Excess of Blasts = indication:mds
D004806 Ependymoma = indication:medulloblastoma-ependymoma
D008527 Medulloblastoma = indication:medulloblastoma-ependymoma
D018328 Melanoma, Amelanotic = indication:melanoma
D000096142 Melanoma, Cutaneous Malignant = indication:melanoma
D000086002 Mesothelioma, Malignant = indication:mesothelioma
D003920 Diabetes Mellitus = indication:metabolic-disease
D003924 Diabetes Mellitus, Type 2 = indication:metabolic-disease
D054437 Myelodysplastic-Myeloproliferative Diseases = indication:mpn
D009196 Myeloproliferative Disorders = indication:mpn
D011087 Polycythemia Vera = indication:mpn
D055728 Primary Myelofibrosis = indication:mpn
D013920 Thrombocythemia, Essential = indication:mpn
D023981 Sarcoma, Myeloid = indication:myeloid-malignancy
D007951 Leukemia, Myeloid = indication:myeloid-malignancy indication:leukaemia
D054438 Leukemia, Myeloid, Chronic, Atypical, BCR-ABL Negative = indication:myeloid-malignancy indication:leukaemia
D000072658 Non-ST Elevated Myocardial Infarction = indication:myocardial-infarction
D000072657 ST Elevation Myocardial Infarction = indication:myocardial-infarction
D003882 Dermatomyositis = indication:myositis
D017285 Polymyositis = indication:myositis
D018305 Ganglioneuroblastoma = indication:neuroblastoma
D002276 Carcinoid Tumor = indication:neuroendocrine-tumour
D018278 Carcinoma, Neuroendocrine = indication:neuroendocrine-tumour
D064090 Intraocular Lymphoma = indication:nhl
D016400 Lymphoma, Large-Cell, Immunoblastic = indication:nhl
D000077192 Adenocarcinoma of Lung = indication:nsclc
D002282 Adenocarcinoma, Bronchiolo-Alveolar = indication:nsclc
D000077277 Esophageal Squamous Cell Carcinoma = indication:oesophageal-cancer
D000077216 Carcinoma, Ovarian Epithelial = indication:ovarian-cancer
D021441 Carcinoma, Pancreatic Ductal = indication:pancreatic-cancer
D010534 Peritoneal Neoplasms = indication:peritoneal-cancer
D018232 Rhabdomyosarcoma, Alveolar = indication:rhabdomyosarcoma
D018233 Rhabdomyosarcoma, Embryonal = indication:rhabdomyosarcoma
D002813 Chondrosarcoma = indication:sarcoma
D058405 Desmoplastic Small Round Cell Tumor = indication:sarcoma
D005354 Fibrosarcoma = indication:sarcoma
D006394 Hemangiosarcoma = indication:sarcoma
D007890 Leiomyosarcoma = indication:sarcoma
D008080 Liposarcoma = indication:sarcoma
D018234 Sarcoma, Alveolar Soft Part = indication:sarcoma
D018227 Sarcoma, Clear Cell = indication:sarcoma
D012514 Sarcoma, Kaposi = indication:sarcoma
D012859 Sjogren's Syndrome = indication:sjogren
D002280 Carcinoma, Basal Cell = indication:skin-cancer
D000230 Adenocarcinoma = indication:solid-tumour
D002277 Carcinoma = indication:solid-tumour
D002294 Carcinoma, Squamous Cell = indication:solid-tumour
D012983 Soft Tissue Neoplasms = indication:solid-tumour
D045743 Scleroderma, Diffuse = indication:systemic-sclerosis
D045745 Scleroderma, Limited = indication:systemic-sclerosis
D058527 Enteropathy-Associated T-Cell Lymphoma = indication:t-cell-lymphoma
D017728 Lymphoma, Large-Cell, Anaplastic = indication:t-cell-lymphoma
D016410 Lymphoma, T-Cell, Cutaneous = indication:t-cell-lymphoma
D016411 Lymphoma, T-Cell, Peripheral = indication:t-cell-lymphoma
D009182 Mycosis Fungoides = indication:t-cell-lymphoma
D012751 Sezary Syndrome = indication:t-cell-lymphoma
D013736 Testicular Neoplasms = indication:testicular-cancer
D013945 Thymoma = indication:thymic-tumour
D000077273 Thyroid Cancer, Papillary = indication:thyroid-cancer
D018088 Tuberculosis, Multidrug-Resistant = indication:tuberculosis
D014397 Tuberculosis, Pulmonary = indication:tuberculosis
D000257 Adenoviridae Infections = indication:viral-infection
D018352 Coronavirus Infections = indication:viral-infection
D006566 Herpesviridae Infections = indication:viral-infection
D007251 Influenza, Human = indication:viral-infection
D030361 Papillomavirus Infections = indication:viral-infection
D011024 Pneumonia, Viral = indication:viral-infection
D027601 Polyomavirus Infections = indication:viral-infection
D045169 Severe Acute Respiratory Syndrome = indication:viral-infection
D009364 Neoplasm Recurrence, Local = setting:relapsed-refractory
"""
